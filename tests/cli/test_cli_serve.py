"""``glasscity serve`` as a process: its address, what it refuses, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import urllib.error
import urllib.request

import pytest
from terminal import assert_refused, glasscity, start


@pytest.fixture
def serving(tmp_path):
    """Return a function that starts an explorer and returns it with its address."""
    processes = []

    def begin(*words):
        process = start("serve", "--port", "0", "--no-open", "--no-example", *words, cwd=tmp_path)
        processes.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield begin
    for process in processes:
        process.kill()
        process.communicate()


def test_the_first_line_is_the_address_and_ctrl_c_ends_it_cleanly(serving, tmp_path):
    process, address = serving()
    with urllib.request.urlopen(f"{address}api/runs") as answer:
        assert json.load(answer)["runs"] == []
    with urllib.request.urlopen(address) as page:
        assert b"<h1>" in page.read()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.rstrip().splitlines()[-1].startswith("error: the explorer was stopped")
    assert "Traceback" not in err
    assert (tmp_path / "runs").is_dir()


def test_beyond_this_machine_it_asks_for_the_token_of_its_address(serving):
    process, address = serving("--host", "0.0.0.0")
    plain, _, token = address.partition("?token=")
    assert len(token) >= 32
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(plain)
    assert refused.value.code == 403
    asked = urllib.request.Request(f"{plain}api/runs", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGINT)
    assert "token" in process.communicate(timeout=60)[1]


def test_a_port_that_is_taken_is_refused_with_one_that_may_be_free(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = glasscity("serve", "--port", port, "--no-open")
    assert_refused(ended, f"port {port} is taken", "--port", f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "http"], "port 'http' is outside its range"),
        (["--port", "65536"], "0 to 65535"),
        (["--host", "203.0.113.7"], "nothing can listen on '203.0.113.7'"),
        (["--runs", "no/such/place"], "the parent folder"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_line(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert_refused(glasscity("serve", "--no-open", *words), said)


def test_telling_the_version_does_not_load_the_web_framework():
    import subprocess
    import sys

    from terminal import environment

    code = (
        "import sys, glasscity.cli.commands\n"
        "sys.exit(bool({'fastapi', 'uvicorn', 'starlette'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert ended.returncode == 0
