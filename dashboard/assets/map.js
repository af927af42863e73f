/* Draws the map: a base that stays, and layers that change. Nothing from outside. The ground under
 * them (streets, water, blocks, buildings) comes square by square: tiles.js.
 *
 * Python hands over plain data (dashboard/map_layers.py); names from the data become text nodes,
 * never markup. Coordinates come as whole hundred-thousandths of a degree, each but the first as
 * the difference to the one before: [lat, lon, dlat, dlon, ...].
 */
'use strict';
var VongLau = (function () {
  // What lies above what. Streets lie over the cells of incidents, so that the city stays readable.
  const PANES = { ground: 310, houses: 320, cells: 330, water: 340, net: 350, casing: 352,
    artery: 354, edge: 370, points: 390, veil: 405, gaps: 410,
    views: 420, marks: 450 };
  const PICK_WITHIN_PX = 9;

  const Cross = L.CircleMarker.extend({
    _updatePath: function () {
      const ctx = this._renderer._ctx, p = this._point, s = this._radius;
      if (!this._renderer._drawing || this._empty()) return;
      ctx.beginPath();
      ctx.moveTo(p.x - s, p.y - s); ctx.lineTo(p.x + s, p.y + s);
      ctx.moveTo(p.x + s, p.y - s); ctx.lineTo(p.x - s, p.y + s);
      this._renderer._fillStroke(ctx, this);
    },
  });
  const Square = L.CircleMarker.extend({
    _updatePath: function () {
      const ctx = this._renderer._ctx, p = this._point, s = this._radius;
      if (!this._renderer._drawing || this._empty()) return;
      ctx.beginPath();
      ctx.rect(p.x - s, p.y - s, 2 * s, 2 * s);
      this._renderer._fillStroke(ctx, this);
    },
  });

  // ---- geometry

  function places(numbers) {
    const found = [];
    let lat = 0, lon = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      lat += numbers[i]; lon += numbers[i + 1];
      found.push([lat / 1e5, lon / 1e5]);
    }
    return found;
  }
  const rings = (shape) => shape.map(places);

  function isInside(lat, lon, shape) {   // even-odd, over all rings, so that holes count
    let inside = false;
    for (const ring of shape) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ay, ax] = ring[i], [by, bx] = ring[j];
        if ((ay > lat) !== (by > lat) && lon < (bx - ax) * (lat - ay) / (by - ay) + ax) {
          inside = !inside;
        }
      }
    }
    return inside;
  }

  // ---- the base

  function create(base, palette, font, squares) {
    const root = document.documentElement.style;
    for (const [name, colour] of Object.entries(palette)) {
      if (typeof colour === 'string') root.setProperty('--vl-' + name, colour);
    }
    loadFont(font);
    const map = L.map('map_div', { preferCanvas: true, zoomSnap: 0.25, minZoom: 9, maxZoom: 19,
      attributionControl: false, zoomControl: false, zoomAnimation: false, fadeAnimation: false });
    map.vl = { palette: palette, labels: [], marks: [], gaps: [], units: [], wards: [],
      view: null, touched: false };
    for (const [name, z] of Object.entries(PANES)) map.createPane(name).style.zIndex = z;
    map.vl.svg = L.svg({ pane: 'gaps' });
    map.setView([base.centre[0], base.centre[1]], 12);
    L.control.zoom({ position: 'topright' }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 90, position: 'bottomright' }).addTo(map);
    drawBase(map, base);
    followSize(map);
    followMouse(map);
    map.on('zoomend', () => sizeMarks(map));
    map.on('zoomend moveend', () => declutter(map));
    window.VongLauTiles.start(map, squares);
    return map;
  }

  function loadFont(address) {
    const face = new FontFace('VL', 'url(' + address + ')', { weight: '200 900' });
    face.load().then(() => { document.fonts.add(face); window.dispatchEvent(new Event('resize')); });
  }

  function drawBase(map, base) {
    const p = map.vl.palette;
    for (const ward of base.wards) {
      const shape = rings(ward.shape);
      map.vl.wards.push({ id: ward.code, tip: ward.name, shape: shape });
      L.polygon(shape, { pane: 'ground', color: p.land, weight: 1, fillColor: p.land,
        fillOpacity: 1, interactive: false }).addTo(map);
    }
    for (const ward of map.vl.wards) {
      L.polygon(ward.shape, { pane: 'edge', fill: false, color: p.ward, weight: 1,
        dashArray: '1 3.5', opacity: 0.95, interactive: false }).addTo(map);
    }
    base.wards.forEach((ward) => {
      const [at] = places(ward.label);
      const label = addText(map, at, 'vl-label', ward.short);
      map.vl.labels.push({ at: at, element: label, span: ward.span });
    });
  }

  function addText(group, at, className, text, above = 0) {
    const element = document.createElement('div');
    element.className = className;
    element.textContent = text;
    L.marker(at, { interactive: false, keyboard: false, zIndexOffset: above,
      icon: L.divIcon({ className: '', iconSize: [0, 0], html: element }) }).addTo(group);
    return element;
  }

  const metresPerPixel = (map) =>
    40075016.7 * Math.cos(map.getCenter().lat * Math.PI / 180) / Math.pow(2, map.getZoom() + 8);

  // ---- the layers that change

  function draw(map, layers, view, words) {
    const group = L.featureGroup();
    map.vl.marks = []; map.vl.gaps = []; map.vl.numbers = []; map.vl.sized = [];
    map.vl.units = [];
    map.vl.choices = [];
    map.vl.wards.forEach((ward) => { delete ward.said; });
    group.addTo(map);
    for (const layer of layers) LAYERS[layer.kind](map, group, layer);
    fit(map, view);
    name(map, words);
    sizeMarks(map);
    declutter(map);
    if (map.vl.tooltip) map.vl.tooltip.remove();
    return group;
  }

  const LAYERS = {
    cells: function (map, group, layer) {
      for (const [shape, step] of layer.shapes) {
        L.polygon(rings(shape), { pane: 'cells', stroke: false, interactive: false,
          fillColor: map.vl.palette.ramp[step], fillOpacity: 0.82 }).addTo(group);
      }
    },
    points: function (map, group, layer) {
      for (const at of places(layer.places)) {
        L.circleMarker(at, { pane: 'points', radius: layer.bold ? 5 : 3, interactive: false,
          stroke: !!layer.bold, color: map.vl.palette.land, weight: 1.5,
          fillColor: map.vl.palette.ramp[3], fillOpacity: layer.bold ? 0.95 : 0.5 }).addTo(group);
      }
      for (const at of places(layer.vague || [])) {   // somewhere along the street
        L.circleMarker(at, { pane: 'points', radius: 5, interactive: false, fill: false,
          color: map.vl.palette.ramp[3], weight: 2 }).addTo(group);
      }
    },
    reached: function (map, group, layer) {   // how far along the streets somebody can have come
      for (const at of places(layer.places)) {
        L.circleMarker(at, { pane: 'points', radius: 2, stroke: false, interactive: false,
          fillColor: map.vl.palette.displacement, fillOpacity: 0.55 }).addTo(group);
      }
    },
    spot: function (map, group, layer) {   // the place that is asked about
      const [at] = places(layer.at);
      addText(group, at, 'vl-spot', '', 2e6);
    },
    ward_focus: function (map, group, layer) {
      const p = map.vl.palette, shape = rings(layer.shape);
      const [[lat, lon]] = shape[0];
      const world = [[lat - 3, lon - 3], [lat - 3, lon + 3], [lat + 3, lon + 3], [lat + 3, lon - 3]];
      L.polygon([world].concat(shape), { pane: 'veil', stroke: false, interactive: false,
        fillColor: p.land, fillOpacity: 0.62 }).addTo(group);
      L.polygon(shape, { pane: 'edge', fill: false, interactive: false, color: p.text,
        weight: 2.4, opacity: 0.9 }).addTo(group);
    },
    ward_tips: function (map, group, layer) {
      map.vl.wards.forEach((ward) => { ward.said = layer.tips[ward.id]; });
    },
    views: function (map, group, layer) {
      for (const [shape, state] of layer.shapes) {
        const colour = map.vl.palette[state];
        L.polygon(rings(shape), { pane: 'views', interactive: false, weight: 0.7, color: colour,
          opacity: 0.55, fillColor: colour, fillOpacity: 0.2, smoothFactor: 0.3 }).addTo(group);
      }
    },
    zones: function (map, group, layer) {
      const p = map.vl.palette;
      const looks = {
        control: { pane: 'cells', stroke: false, fillColor: p.control, fillOpacity: 0.3 },
        displacement: { pane: 'views', color: p.displacement, weight: 1.1, dashArray: '1.5 3',
          fillColor: p.displacement, fillOpacity: 0.22 },
        treated: { pane: 'views', color: p.treated, weight: 1.4, fillColor: p.treated,
          fillOpacity: 0.45 },
        // what a plan keeps to: a camera here, none here, none that looks in here
        must: { pane: 'views', color: p.install, weight: 1.6, dashArray: '7 4',
          fillColor: p.install, fillOpacity: 0.08 },
        forbid: { pane: 'views', color: p.broken, weight: 1.6, dashArray: '2 4',
          fillColor: p.broken, fillOpacity: 0.12 },
        private: { pane: 'views', color: p.text, weight: 1.2, dashArray: '1 3',
          fillColor: p.unsure, fillOpacity: 0.3 },
      };
      for (const [shape, ground] of layer.shapes) {
        L.polygon(rings(shape), { interactive: false, smoothFactor: 0.5, ...looks[ground] })
          .addTo(group);
      }
    },
    hot: function (map, group, layer) {   // where incidents gather: anew, still, or no more
      const p = map.vl.palette;
      const looks = {
        emerging: { color: p.rose, weight: 2.6 },
        lasting: { color: p.text, weight: 1.8 },
        fading: { color: p.muted, weight: 1.8, dashArray: '1 4' },
      };
      for (const [shape, standing] of layer.shapes) {
        L.polygon(rings(shape), { pane: 'views', fill: false, interactive: false,
          ...looks[standing] }).addTo(group);
      }
    },
    units: function (map, group, layer) {
      const p = map.vl.palette;
      const looks = {
        serving: { stroke: false, fillColor: p.control, fillOpacity: 0.5 },
        idle: { stroke: false, fillColor: p.control, fillOpacity: 0.16 },
        dropped: { pane: 'views', color: p.text, weight: 1.3, dashArray: '3 3', opacity: 0.9,
          fillColor: p.land, fillOpacity: 0.6 },
        excluded: { color: p.control, weight: 0.6, dashArray: '1 4', opacity: 0.7, fill: false },
      };
      for (const unit of layer.units) {
        const shape = rings(unit.shape);
        L.polygon(shape, { pane: 'cells', interactive: false, ...looks[unit.look] }).addTo(group);
        map.vl.units.push({ kind: 'unit', id: unit.id, shape: shape, tip: unit.tip });
      }
    },
    gaps: function (map, group, layer) {
      const colour = map.vl.palette.gap;
      for (const gap of layer.gaps) {
        const shape = rings(gap.shape), [at] = places(gap.at);
        L.polygon(shape, { renderer: map.vl.svg, pane: 'gaps', interactive: false, color: colour,
          weight: 1.4, fillColor: 'url(#vl-hatch)', fillOpacity: 1, smoothFactor: 0.3 }).addTo(group);
        const element = addText(group, at, 'vl-number', String(gap.rank));
        map.vl.numbers.push({ at: at, element: element });
        map.vl.gaps.push({ kind: 'gap', id: String(gap.rank), at: at, shape: shape, tip: gap.tip });
      }
      addHatch(map.vl.svg, colour);
    },
    choices: function (map, group, layer) {   // a plan's: the shape says what is to be done
      for (const choice of layer.choices) {
        const [at] = places(choice.at);
        const element = addText(group, at, 'vl-number vl-choice is-' + choice.doing,
          String(choice.rank), choice.is_picked ? 1e6 : 5e5 - 2e3 * choice.rank);
        element.classList.toggle('is-picked', choice.is_picked);
        map.vl.numbers.push({ at: at, element: element });
        map.vl.choices.push({ kind: 'choice', id: String(choice.rank), at: at, tip: choice.tip });
      }
    },
    sites: function (map, group, layer) {
      const p = map.vl.palette;
      layer.marks.forEach((mark) => addMark(map, group, 'site', mark,
        (at) => new Square(at, { pane: 'marks', interactive: false, color: p.site, fillColor: p.page,
          fillOpacity: 0.9 }), [[1.3, 0.6], [3.6, 1.3]], [p.muted, p.site]));
    },
    cameras: function (map, group, layer) {
      layer.marks.forEach((mark) => {
        const [make, sizes] = CAMERA_MARKS[mark.state];
        addMark(map, group, 'camera', mark, (at) => make(at, map.vl.palette), sizes);
      });
    },
  };

  // State of a camera → its mark, and [radius, line] in pixels for the city and for a ward.
  const CAMERA_MARKS = {
    working: [(at, p) => L.circleMarker(at, { pane: 'marks', interactive: false, color: p.halo,
      fillColor: p.working, fillOpacity: 0.95 }), [[1.6, 0], [3.6, 1.2]]],
    degraded: [(at, p) => L.circleMarker(at, { pane: 'marks', interactive: false,
      color: p.degraded, fillColor: p.page, fillOpacity: 1 }), [[2, 1.2], [4.2, 2]]],
    broken: [(at, p) => new Cross(at, { pane: 'marks', interactive: false, color: p.broken,
      fill: false }), [[1.9, 1.2], [4, 2.2]]],
  };
  CAMERA_MARKS.planned = [(at, p) => new Square(at, { pane: 'marks', interactive: false,
    color: p.install, fillColor: p.page, fillOpacity: 0.9 }), [[2.2, 1.4], [4.2, 2]]];
  CAMERA_MARKS.offline = CAMERA_MARKS.broken;

  function addMark(map, group, kind, mark, make, sizes, colours) {
    const [at] = places(mark.at);
    const drawn = make(at).addTo(group);
    map.vl.sized.push({ mark: drawn, sizes: sizes, colours: colours });
    map.vl.marks.push({ kind: kind, id: mark.id, at: at, tip: mark.tip });
  }

  function sizeMarks(map) {   // grows from the city (zoom 12) to a ward (zoom 15)
    const share = Math.min(Math.max((map.getZoom() - 12) / 3, 0), 1);
    for (const { mark, sizes: [[r0, w0], [r1, w1]], colours } of map.vl.sized || []) {
      const weight = w0 + share * (w1 - w0);
      const style = { radius: r0 + share * (r1 - r0), weight: weight, stroke: weight > 0.2 };
      if (colours) style.color = colours[share < 0.5 ? 0 : 1];
      mark.setStyle(style);
    }
  }

  function addHatch(renderer, colour) {
    const svg = renderer._container, space = 'http://www.w3.org/2000/svg';
    if (!svg || svg.querySelector('#vl-hatch')) return;
    const make = (parent, tag, attributes) => {
      const node = parent.appendChild(document.createElementNS(space, tag));
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      return node;
    };
    const pattern = make(make(svg, 'defs', {}), 'pattern', { id: 'vl-hatch', width: 6, height: 6,
      patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' });
    make(pattern, 'rect', { width: 6, height: 6, fill: colour, 'fill-opacity': 0.13 });
    make(pattern, 'line', { x1: 0, y1: 0, x2: 0, y2: 6, stroke: colour, 'stroke-width': 2 });
  }

  // Names give way: a label stands only where its ward has room and no earlier label stands; a
  // number that would cover a better rank becomes a small dot.
  function declutter(map) {
    const width = map.getSize().x;
    const taken = [{ left: width - 45, right: width, top: 0, bottom: 80 }];   // the zoom buttons
    const isFree = (box) => taken.every((other) => box.left > other.right || box.right < other.left
      || box.top > other.bottom || box.bottom < other.top);
    const box = (at, width, height) => {
      const p = map.latLngToContainerPoint(at);
      return { left: p.x - width / 2, right: p.x + width / 2, top: p.y - height / 2,
        bottom: p.y + height / 2 };
    };
    for (const { at, element } of map.vl.numbers || []) {
      const wanted = box(at, 20, 20), isKept = isFree(wanted);
      element.classList.toggle('is-small', !isKept);
      if (isKept) taken.push(wanted);
    }
    const pixel = metresPerPixel(map);
    for (const { at, element, span } of map.vl.labels) {
      const wanted = box(at, element.offsetWidth + 6, element.offsetHeight);
      const isKept = span / pixel > 0.7 * element.offsetWidth && isFree(wanted);
      element.classList.toggle('vl-hidden', !isKept);
      if (isKept) taken.push(wanted);
    }
  }

  function name(map, words) {
    const set = (selector, text) => {
      const node = map.getContainer().querySelector(selector);
      if (node && text) { node.title = text; node.setAttribute('aria-label', text); }
    };
    set('.leaflet-control-zoom-in', words.zoom_in);
    set('.leaflet-control-zoom-out', words.zoom_out);
    if (words.map) {
      map.getContainer().setAttribute('role', 'application');
      map.getContainer().setAttribute('aria-label', words.map);
    }
  }

  // ---- where the map looks

  function fit(map, view) {   // only when another place is asked for: a filter keeps one's zoom
    if (map.vl.view && map.vl.view.name === view.name) return;
    map.vl.view = view;
    map.vl.touched = false;
    refit(map);
  }

  function refit(map) {
    map.invalidateSize({ pan: false });
    const [west, south, east, north] = map.vl.view.bounds;
    map.fitBounds([[south, west], [north, east]], { padding: [6, 6], animate: false });
  }

  function followSize(map) {
    const container = map.getContainer();
    for (const gesture of ['pointerdown', 'wheel', 'keydown']) {
      container.addEventListener(gesture, () => { map.vl.touched = true; }, { passive: true });
    }
    new ResizeObserver(() => {
      if (map.vl.view && !map.vl.touched) refit(map);
      else map.invalidateSize({ pan: false });
      declutter(map);
    }).observe(container);
    document.fonts.ready.then(() => declutter(map));
  }

  // ---- what is under the mouse

  function pick(map, latlng) {
    const point = map.latLngToContainerPoint(latlng);
    let best = null, bestDistance = PICK_WITHIN_PX;
    for (const mark of map.vl.choices || []) {   // their numbers stand on top of all else
      const distance = point.distanceTo(map.latLngToContainerPoint(mark.at));
      if (distance <= bestDistance) { best = mark; bestDistance = distance; }
    }
    if (best) return best;
    for (const mark of map.vl.marks) {
      const distance = point.distanceTo(map.latLngToContainerPoint(mark.at));
      if (distance <= bestDistance) { best = mark; bestDistance = distance; }
    }
    if (best) return best;
    const gap = map.vl.gaps.find((each) =>
      point.distanceTo(map.latLngToContainerPoint(each.at)) < 11
      || isInside(latlng.lat, latlng.lng, each.shape));
    if (gap) return gap;
    const unit = map.vl.units.find((each) => isInside(latlng.lat, latlng.lng, each.shape));
    if (unit) return unit;
    const ward = map.vl.wards.find((each) => isInside(latlng.lat, latlng.lng, each.shape));
    return ward ? { kind: 'ward', id: ward.id, tip: ward.said || ward.tip } : { kind: 'ground' };
  }

  function followMouse(map) {
    const tooltip = map.vl.tooltip = L.tooltip({ direction: 'top', offset: [0, -8], opacity: 1 });
    map.on('click', (event) => {
      const found = pick(map, event.latlng);
      window.Streamlit.setComponentValue({ kind: found.kind, id: found.id || null,
        longitude: event.latlng.lng, latitude: event.latlng.lat, clicked_at: Date.now() });
    });
    let isWaiting = false;
    map.on('mousemove', (event) => {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        isWaiting = false;
        const found = pick(map, event.latlng);
        map.getContainer().classList.toggle('is-over', found.kind !== 'ground');
        if (!found.tip) { tooltip.remove(); return; }
        const text = document.createElement('span');
        text.textContent = found.tip;
        tooltip.setLatLng(event.latlng).setContent(text).openOn(map);
      });
    });
    map.on('mouseout', () => tooltip.remove());
  }

  return { create: create, draw: draw };
})();
