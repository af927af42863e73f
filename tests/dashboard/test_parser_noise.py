"""Words that a library writes straight to the error stream do not reach the terminal."""

import os
import sys

from dashboard.commands import parser_noise


def test_only_what_python_writes_reaches_the_error_stream(capfd):
    before = sys.stderr
    sys.stderr.write("một\n")
    with parser_noise.kept_away():
        os.write(parser_noise.ERRORS, b"thread '<unnamed>' panicked at src/xlsb.rs:1\n")
        sys.stderr.write("hai\n")
    os.write(parser_noise.ERRORS, b"ba\n")
    assert sys.stderr is before
    assert capfd.readouterr().err.split() == ["một", "hai", "ba"]


def test_an_error_stream_in_memory_is_left_as_it_is(capsys):
    with parser_noise.kept_away():
        sys.stderr.write("một\n")
    assert capsys.readouterr().err == "một\n"
