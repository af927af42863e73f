"""The commands of ``vonglau``, a module each; what a command needs is loaded inside it."""
