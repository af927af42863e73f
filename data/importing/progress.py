"""How far an import is: the words of :mod:`data.progress`, where the steps look for them.

They stand outside of this package because :mod:`data.rows` tells too, and is read before it.
"""

from data.progress import EVERY, Step, Watcher, tell, told, watched

__all__ = ["EVERY", "Step", "Watcher", "tell", "told", "watched"]
