"""The deployed form, as far as it can be checked without a Docker engine: its files agree with each other."""

import ipaddress
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from roles.role import Role
from runtime.embedded.temporal import BLOB_LIMIT
from settings import variables
from tests.support.layout import PACKAGES

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "docker-compose.yml"
OURS = ("journeys", "programs", "projector", "messages", "webhooks", "api", "migrate")
FINISH = ("migrate", "temporal-schema", "temporal-namespace")


@pytest.fixture(scope="module")
def compose() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


@pytest.fixture(scope="module")
def services(compose: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = compose["services"]
    return found


def test_it_is_a_compose_file() -> None:
    check = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [check, "--builtin-schema", "vendor.compose-spec", COMPOSE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_waits_for_services_that_exist_until_they_are_ready(services: Mapping[str, Any]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in services, f"{name} waits for {needed}, which is not there"
            wanted = "service_completed_successfully" if needed in FINISH else "service_healthy"
            assert how["condition"] == wanted, f"{name} waits for {needed}"


def test_every_service_that_stays_says_how_it_is(services: Mapping[str, Any]) -> None:
    for name, service in services.items():
        if name not in FINISH:
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name
        else:
            assert service["restart"].startswith("on-failure"), name


def test_every_image_is_pinned(services: Mapping[str, Any]) -> None:
    bases = [line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("FROM")]
    for image in [*bases, *(service["image"] for service in services.values())]:
        assert re.search(r":v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$", image), image


def test_the_image_is_of_this_version(services: Mapping[str, Any]) -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert {services[name]["image"] for name in OURS} == {f"trellis-mentoring:{version[1]}"}


def test_every_setting_given_is_a_setting(services: Mapping[str, Any]) -> None:
    for name in OURS:
        assert services[name]["environment"].keys() <= variables(), name
    in_image = set(re.findall(r"\b(TRELLIS_\w+)=", (ROOT / "Dockerfile").read_text()))
    assert in_image and in_image <= variables()


def test_every_role_is_run_somewhere(services: Mapping[str, Any]) -> None:
    given = [
        role
        for name in OURS
        if "--roles" in (command := services[name]["command"])
        for role in command[command.index("--roles") + 1].split(",")
    ]
    assert sorted(given) == sorted(Role)


def test_nothing_is_reachable_from_elsewhere(services: Mapping[str, Any]) -> None:
    for name, service in services.items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_every_service_of_ours_can_be_scaled(services: Mapping[str, Any]) -> None:
    """A port of the machine can be had once: what is published has a range to take one from."""
    for name in OURS:
        assert "container_name" not in services[name], name
        for port in services[name].get("ports", []):
            address, of_machine, _of_container = port.rsplit(":", 2)
            assert ipaddress.ip_address(address).is_loopback
            first, last = map(int, of_machine.split("-"))
            assert last - first >= 9, f"{name}: {port}"


def test_temporal_can_be_reached_by_clients_on_this_machine(services: Mapping[str, Any]) -> None:
    assert services["temporal"]["ports"] == ["127.0.0.1:7233:7233"]


def test_temporal_takes_requests_as_large_as_the_embedded_one_does(compose: Mapping[str, Any]) -> None:
    temporal = compose["services"]["temporal"]
    (mounted,) = temporal["configs"]
    assert temporal["environment"]["DYNAMIC_CONFIG_FILE_PATH"] == mounted["target"]
    key, _, value = BLOB_LIMIT.partition("=")
    assert yaml.safe_load(compose["configs"][mounted["source"]]["content"]) == {key: [{"value": int(value)}]}


def test_postgres_is_waited_for_until_it_accepts_tcp(services: Mapping[str, Any]) -> None:
    assert "--host=127.0.0.1" in services["postgres"]["healthcheck"]["test"]


def test_a_container_is_unhealthy_only_when_its_process_is(services: Mapping[str, Any]) -> None:
    """Nothing is started anew for a stopped view, or for a server that is away."""
    checks = [" ".join(services[name]["healthcheck"].get("test", ())) for name in OURS if name != "migrate"]
    checks += [line for line in (ROOT / "Dockerfile").read_text().splitlines() if "urlopen" in line]
    for check in checks:
        assert "/livez" in check and "/readyz" not in check


def test_no_secret_is_written_down(services: Mapping[str, Any]) -> None:
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|PWD|SECRET|KEY$|URL$", variable):
                assert re.search(rf"\$\{{(POSTGRES_PASSWORD|{variable})\b", value), f"{name}: {variable}"


def test_volumes_and_configs_that_are_used_are_declared(compose: Mapping[str, Any]) -> None:
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]
        for config in service.get("configs", []):
            assert config["source"] in compose["configs"]


def test_prometheus_asks_services_that_exist(compose: Mapping[str, Any]) -> None:
    jobs = yaml.safe_load(compose["configs"]["prometheus"]["content"])["scrape_configs"]
    asked = [name for job in jobs for found in job.get("dns_sd_configs", []) for name in found["names"]]
    asked += [
        target.split(":")[0] for job in jobs for found in job.get("static_configs", []) for target in found["targets"]
    ]
    assert set(asked) <= compose["services"].keys()


@pytest.mark.parametrize(("job", "port"), [("trellis", 8600), ("temporal-sdk", 8601)])
def test_prometheus_asks_every_process_of_ours(compose: Mapping[str, Any], job: str, port: int) -> None:
    jobs = yaml.safe_load(compose["configs"]["prometheus"]["content"])["scrape_configs"]
    (found,) = next(one for one in jobs if one["job_name"] == job)["dns_sd_configs"]
    assert (set(found["names"]), found["port"]) == (set(OURS) - {"migrate"}, port)


def test_what_is_installed_in_the_image_is_whole(tmp_path: Path) -> None:
    """The image installs a wheel: what the code reads beside itself must be in it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info" not in name}
    expected = {"settings.py", "worker.py"} | {
        str(file.relative_to(ROOT))
        for folder in (*PACKAGES, "programs")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert expected - packed == set()


def test_what_the_image_is_built_from_is_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text()
    needed = re.search(r"only-include = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)
    assert needed
    for name in [*re.findall(r'"(.+?)"', needed[1]), "pyproject.toml", "requirements.txt", "README.md"]:
        assert f"\n!{name}\n" in ignore, name


def test_the_page_names_every_setting() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    assert {name for name in variables() if f"`{name}`" not in page} == set()
    named = set(re.findall(r"`(TRELLIS_[A-Z_]+|TEMPORAL_[A-Z_]+|DATABASE_URL)[`=]", page))
    assert named <= variables()


def test_a_worker_runs_the_roles_that_its_help_lists() -> None:
    trellis = Path(sys.executable).parent / "trellis"
    wide = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1"}
    told = subprocess.run([trellis, "worker", "--help"], capture_output=True, text=True, check=True, env=wide).stdout
    for role in Role:
        assert re.search(rf"\b{role}\b", told), role
    wrong = subprocess.run(
        [trellis, "worker", "--roles", "cook"], capture_output=True, text=True, check=False, env=wide
    )
    assert (wrong.returncode, f"the roles are {', '.join(Role)}" in wrong.stderr) == (2, True)
