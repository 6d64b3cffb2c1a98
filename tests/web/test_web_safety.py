"""Who is answered at all: hosts, origins, tokens, paths, sizes, headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from explorer import ORIGIN, client_of
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from glasscity.web.safety import LARGEST_BODY, depth_of
from glasscity.web.settings import Settings

PAGES = ["/", "/runs/small-001", "/runs/small-001/society", "/runs/small-001/people"]
PAGES += ["/runs/small-001/report"]
POST = {"regime": "unscored", "citizens": 10, "months": 1}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost.:8440"])
def test_another_host_is_refused(web, host):
    for path in ("/", "/api/runs", "/static/page.js"):
        answer = web.get(path, headers={"host": host})
        assert answer.status_code == 403
        assert "name" in answer.json()["error"]


@pytest.mark.parametrize("host", ["127.0.0.1:8440", "localhost:8440", "[::1]:8440"])
def test_this_machines_own_names_are_answered(web, host):
    assert web.get("/api/regimes", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8440"},
        {"origin": "http://127.0.0.1:8441"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_another_sites_requests_are_refused(web, headers):
    assert web.get("/api/runs", headers=headers).status_code == 403
    assert web.post("/api/runs", json=POST, headers=headers).status_code == 403


def test_a_link_from_another_site_opens_a_page_and_does_nothing_else(web):
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    link["sec-fetch-dest"] = "document"
    assert web.get("/", headers=link).status_code == 200
    assert web.post("/api/runs", json=POST, headers=link).status_code == 403
    assert web.get("/", headers={**link, "sec-fetch-dest": "iframe"}).status_code == 403


def test_our_own_pages_may_ask(web):
    own = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    assert web.post("/api/check", json=POST, headers=own).status_code == 200


def test_a_websocket_of_another_host_or_site_is_refused(web):
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            web.websocket_connect("/api/runs", headers=headers),
        ):
            pass
        assert refused.value.code == 1008


@pytest.fixture(scope="module")
def guarded(runs) -> TestClient:
    return client_of(runs, host="0.0.0.0", token="s3cret", names=frozenset({"lab.example"}))


def test_beyond_this_machine_nothing_is_answered_without_the_token(guarded):
    for path in ("/", "/api/runs", "/static/page.js", "/runs/small-001/report.html"):
        assert guarded.get(path).status_code == 403
    assert guarded.post("/api/runs", json=POST).status_code == 403
    assert guarded.get("/?token=wrong").status_code == 403
    wrong = {"authorization": "Bearer wrong"}
    assert guarded.get("/api/runs", headers=wrong).status_code == 403
    assert guarded.get("/", headers={"cookie": "glasscity_token=s3cre"}).status_code == 403
    with pytest.raises(WebSocketDisconnect), guarded.websocket_connect("/api/runs"):
        pass


def test_the_token_lets_in_as_a_header_and_as_a_cookie(guarded):
    shown = {"authorization": "Bearer s3cret", "host": "lab.example:8440"}
    assert guarded.get("/api/runs", headers=shown).status_code == 200
    answer = guarded.get("/runs/small-001/society?token=s3cret&month=3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/runs/small-001/society?month=3"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    # The client keeps it from here on.
    assert guarded.get("/api/runs", headers={"host": "lab.example:8440"}).status_code == 200


def test_the_address_with_the_token_never_leads_to_another_host(runs):
    for path in ("//evil.example/x", "/%5C%5Cevil.example", "///evil.example"):
        fresh = client_of(runs, host="0.0.0.0", token="s3cret")
        answer = fresh.get(f"{ORIGIN}{path}?token=s3cret")
        assert answer.status_code == 303
        assert re.match(r"/(?![/\\])", answer.headers["location"])


def test_the_address_names_the_token_only_where_there_is_one(tmp_path):
    assert Settings(runs=tmp_path, port=9).address == "http://127.0.0.1:9/"
    told = Settings(runs=tmp_path, host="0.0.0.0", port=9, token="t").address
    assert told == "http://127.0.0.1:9/?token=t"


@pytest.mark.parametrize(
    "name",
    ["%2e%2e", "..%2f..%2fetc", "%2fetc", ".hidden", "small-001%2f..", "a" * 200, "small-001%00"],
)
def test_no_path_outside_the_runs_folder_is_reached(web, name):
    for path in (f"/api/runs/{name}", f"/api/runs/{name}/files/scenario.json", f"/runs/{name}"):
        assert web.get(path).status_code in (404, 422)


def test_a_link_out_of_the_folder_is_no_run_and_no_file(runs, web, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    for file in ("scenario.json", "report.html", "complete.json"):
        (secret / file).write_text("{}")
    (runs / "linked").symlink_to(secret)
    inside = runs / "half-001"
    inside.mkdir()
    (inside / "scenario.json").write_text("{}")
    (inside / "report.html").symlink_to(secret / "report.html")
    try:
        assert web.get("/api/runs/linked").status_code == 404
        assert web.get("/api/runs/linked/files/scenario.json").status_code == 404
        assert web.get("/runs/half-001/report.html").status_code == 404
        assert web.get("/api/runs/half-001/files/report.html").status_code == 404
        names = [one["name"] for one in web.get("/api/runs").json()["runs"]]
        assert "linked" not in names
    finally:
        (runs / "linked").unlink()
        (inside / "report.html").unlink()
        (inside / "scenario.json").unlink()
        inside.rmdir()


def test_only_the_files_that_are_offered_are_sent(web):
    for file in ("lock.json", "state.json", "complete.json", "meta.json", "..%2fx", "twin"):
        assert web.get(f"/api/runs/small-001/files/{file}").status_code == 404


def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_its_size(web):
    big = b" " * (LARGEST_BODY + 1)
    kind = {"content-type": "application/json"}
    assert web.post("/api/runs", content=big, headers=kind).status_code == 413
    pieces = (b" " * 65_536 for _ in range(20))
    assert web.post("/api/runs", content=pieces, headers=kind).status_code == 413


def test_json_that_is_nested_too_deeply_is_refused_before_it_is_read(web):
    kind = {"content-type": "application/json"}
    for text in (b"[" * 100_000, b'{"a":' * 5_000, b'{"strengths":' + b"[" * 40 + b"]" * 40 + b"}"):
        answer = web.post("/api/runs", content=text, headers=kind)
        assert answer.status_code == 400
        assert "nested" in answer.json()["error"]


def test_brackets_inside_strings_do_not_count_as_depth():
    assert depth_of(b'{"a": "[[[[\\"[[[", "b": [1, [2]]}') == 3


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_page_cannot_start_a_run(web, kind):
    answer = web.post("/api/runs", content=b'{"citizens": 5}', headers={"content-type": kind})
    assert answer.status_code == 415


def test_every_answer_carries_the_policy_and_no_page_is_kept_by_the_browser(web):
    for path in (*PAGES, "/api/runs", "/nothing", "/api/runs/none", "/static/page.js"):
        answer = web.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        if not path.startswith("/static"):
            assert answer.headers["cache-control"] == "no-store"


def test_a_report_is_shut_into_a_sandbox_with_the_hashes_of_its_own_scripts(web):
    policy = web.get("/runs/small-001/report.html").headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert policy.count("'sha256-") == 3
    assert "unsafe" not in policy


def test_a_report_that_somebody_changed_may_run_no_script_of_its_own(runs, web):
    folder = runs / "changed-001"
    folder.mkdir()
    (folder / "scenario.json").write_text("{}")
    evil = '<meta http-equiv="Content-Security-Policy" content="script-src \'unsafe-inline\'">'
    (folder / "report.html").write_text(f"{evil}<script>alert(1)</script>")
    try:
        policy = web.get("/runs/changed-001/report.html").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; frame-ancestors")
        assert "unsafe" not in policy
    finally:
        (folder / "report.html").unlink()
        (folder / "scenario.json").unlink()
        folder.rmdir()


def test_no_page_has_script_or_style_or_an_address_of_its_own_in_it(web):
    for path in PAGES:
        text = web.get(path).text
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all('src="/static/' in one or "application/json" in one for one in scripts)
        assert "<style" not in text
        assert not re.search(r"<[^>]* (?:style|on\w+)=", text)
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)


def test_our_own_scripts_ask_nobody_else_and_make_no_code_of_text():
    import glasscity.web

    for file in (Path(glasscity.web.__file__).parent / "static").iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, file.name
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|document\.write", text)


def test_a_bug_is_told_as_one_and_shows_no_traceback(runs, monkeypatch, capsys):
    from glasscity.web.shelf import Shelf

    def broken(self):
        raise ZeroDivisionError("somewhere inside")

    client = client_of(runs)
    monkeypatch.setattr(Shelf, "all", broken)
    for path in ("/", "/api/runs"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "bug in Glasscity" in answer.text
        assert "Traceback" not in answer.text
        assert "somewhere" not in answer.text
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError: somewhere inside" in capsys.readouterr().err


def test_a_hostile_title_stays_a_title(runs, web):
    import json

    title = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
    folder = runs / "hostile-001"
    folder.mkdir()
    named = {"regime": {"name": title, "title": title}, "country": {"title": title}}
    (folder / "scenario.json").write_text(json.dumps(named))
    (folder / "state.json").write_text(json.dumps({"state": "failed", "reason": title}))
    try:
        for path in ("/", "/runs/hostile-001"):
            text = web.get(path).text
            assert "<img" not in text
            assert "<script>" not in text
            assert "&lt;img" in text
    finally:
        (folder / "scenario.json").unlink()
        (folder / "state.json").unlink()
        folder.rmdir()
