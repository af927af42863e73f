/* The map's ground, square by square: only what is in view is asked for, as the map moves.
 *
 * dashboard/tiles.py writes the squares and says what is in them. A square out of view leaves the
 * map; the last ones are kept, so that going back asks for nothing.
 */
'use strict';
var VongLauTiles = (function () {
  // Which squares of the world are drawn at which zoom of the map; the zooms are those of LEVELS in
  // dashboard/tiles.py.
  const LEVELS = { far: { zoom: 11, from: 0, until: 13.5 }, near: { zoom: 14, from: 13.5, until: 99 },
    houses: { zoom: 15, from: 15, until: 99 } };
  const MOST_KEPT = 60;
  const MARGIN = 0.1;   // of the view, on each side
  const WIDTH_M = { artery: 15, street: 7, alley: 3.2 };
  // Streets are thinner than their width would look from afar, so that cells show between them.
  const MIN_PX = { artery: (zoom) => (zoom < 12.5 ? 1.8 : 2.2), alley: () => 0.4,
    street: (zoom) => Math.min(Math.max(0.4 + (zoom - 11.5) * 0.4, 0.4), 1) };

  function start(map, address) {
    map.vl.ground = { address: address, squares: new Map(), wanted: [] };
    map.vl.isWhole = !address;
    if (!address) return;
    map.on('zoomend', () => sizeStreets(map));
    map.on('moveend resize', () => update(map));
    update(map);
  }

  function update(map) {
    const ground = map.vl.ground;
    ground.wanted = inView(map);
    for (const key of ground.wanted) if (!ground.squares.has(key)) ask(map, key);
    show(map);
  }

  function inView(map) {
    const zoom = map.getZoom(), bounds = map.getBounds().pad(MARGIN), keys = [];
    for (const [name, level] of Object.entries(LEVELS)) {
      if (zoom < level.from || zoom >= level.until) continue;
      const corner = (at) => map.project(at, level.zoom).divideBy(256).floor();
      const first = corner(bounds.getNorthWest()), last = corner(bounds.getSouthEast());
      for (let row = first.y; row <= last.y; row++) {
        for (let column = first.x; column <= last.x; column++) {
          keys.push(name + '/' + column + '/' + row);
        }
      }
    }
    return keys;
  }

  async function ask(map, key) {
    const ground = map.vl.ground;
    const square = { level: key.split('/')[0], paths: null, isOn: false };
    ground.squares.set(key, square);
    try {
      const answer = await fetch(ground.address + '/' + key);
      square.paths = answer.ok ? draw(map, await answer.json()) : [];
    } catch (error) {   // no network for a moment: asked again when the map moves
      ground.squares.delete(key);
      return;
    }
    show(map);
  }

  // The squares of a level that is left stay until all of the next one are there.
  function show(map) {
    const ground = map.vl.ground, wanted = new Set(ground.wanted), zoom = map.getZoom();
    map.vl.isWhole = ground.wanted.every((key) => (ground.squares.get(key) || {}).paths);
    for (const [key, square] of ground.squares) {
      if (!square.paths) continue;
      const level = LEVELS[square.level], isLeft = zoom < level.from || zoom >= level.until;
      const isOn = wanted.has(key) || (isLeft && square.isOn && !map.vl.isWhole);
      if (isOn !== square.isOn) {
        for (const { path } of square.paths) isOn ? path.addTo(map) : path.remove();
        square.isOn = isOn;
      }
    }
    const idle = [...ground.squares].filter(([, square]) => square.paths && !square.isOn);
    for (const [key] of idle.slice(0, Math.max(0, idle.length - MOST_KEPT))) {
      ground.squares.delete(key);
    }
    sizeStreets(map);
  }

  function places(run, scale) {   // lines or rings, each a list of places
    const found = [];
    let lat = 0, lon = 0, next = 0;
    for (const n of run.n) {
      const line = [];
      for (let i = 0; i < n; i++, next += 2) {
        lat += run.at[next]; lon += run.at[next + 1];
        line.push([lat / scale, lon / scale]);
      }
      found.push(line);
    }
    return found;
  }

  function draw(map, square) {
    const p = map.vl.palette, drawn = [];
    const area = (kind, pane, look) => {
      if (!square[kind] || !square[kind].n.length) return;
      drawn.push({ path: L.polygon(places(square[kind], square.scale), { pane: pane, stroke: false,
        fillColor: p[kind] || p.river, fillOpacity: 1, fillRule: 'nonzero', interactive: false,
        smoothFactor: 0.4, ...look }) });
    };
    area('park', 'ground');
    area('block', 'ground');
    area('water', 'water');
    area('building', 'houses', { stroke: true, color: p.wall, weight: 0.6, smoothFactor: 0 });
    for (const kind of ['alley', 'street', 'artery']) {
      if (!square[kind] || !square[kind].n.length) continue;
      const lines = places(square[kind], square.scale);
      const road = (role, pane, colour) => drawn.push({ kind: kind, role: role,
        path: L.polyline(lines, { pane: pane, color: colour, interactive: false,
          smoothFactor: 0.5 }) });
      if (kind === 'artery') road('casing', 'casing', p.casing);
      road('road', kind === 'artery' ? 'artery' : 'net', kind === 'artery' ? p.artery : p.street);
    }
    return drawn;
  }

  function sizeStreets(map) {
    const scale = 40075016.7 * Math.cos(map.getCenter().lat * Math.PI / 180)
      / Math.pow(2, map.getZoom() + 8);
    for (const square of map.vl.ground.squares.values()) {
      if (!square.isOn) continue;
      for (const { kind, role, path } of square.paths) {
        if (!kind) continue;
        const width = Math.max(WIDTH_M[kind] / scale, MIN_PX[kind](map.getZoom()));
        const weight = role === 'casing' ? width + 1.6 : width;
        if (path.options.weight !== weight) path.setStyle({ weight: weight });
      }
    }
  }

  return { start: start };
})();
