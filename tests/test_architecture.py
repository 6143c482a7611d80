"""Keeps the house in shape: sizes, directions, one reader of the environment, a complete README, clean pins."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from gateway.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
ROOMS = ("channels", "gateway", "storage", "transcription")
LONGEST_FILE = 300
MEDIAN_FILE = 100
ENVIRONMENT_NAMES = {"environ", "environb", "getenv", "getenvb", "BaseSettings", "dotenv_values", "load_dotenv"}
UNFINISHED = re.compile(
    "|".join(["raise NotImpl" + "emented", "TO" + "DO", "FIX" + "ME", r"# ?XX" + "X", "for " + "now"])
)
MACHINE_PATH = re.compile("(?<![" + r"\w.\-])/(" + "work|farm|root|opt/wheels|opt/pypi)/" + "|/tmp/" + "[a-z]")
INDEX_HOST = re.compile(
    "python" + "hosted|pypi" + r"\.org|registry\.npm" + "js|--(extra-)?index" + "-url|--find" + "-links"
)
NAMED_OTHERWISE = {"torch", "whisper"}  # the optional engine, where it is not installed
USED_BY_ITS_FRAMEWORK = {"python-multipart"}
ROOMLESS = {"utils", "util", "helpers", "helper", "manager", "service", "services", "common", "base", "misc"}


def python_files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@cache
def tracked_files() -> tuple[str, ...]:
    """What git would put into a clone; where the sources came without git, every file that is not made by set-up."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("the sources came without git, so what is tracked cannot be told")
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def tracked_texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    for name in tracked_files():
        if suffixes and not name.endswith(suffixes):
            continue
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue


def lines_matching(pattern: re.Pattern[str], files: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{name}:{number}: {found.group()}"
        for name, text in files
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := pattern.search(line))
    ]


@cache
def modules_asked_for() -> dict[str, str]:
    """The modules our run-time requirements provide, each with the name of its distribution."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[<>=~!; ]", requirement)[0] for requirement in project["dependencies"]}
    asked_for = {name.lower().replace("_", "-"): name for name in names}
    return {
        module: asked_for[distribution.lower().replace("_", "-")]
        for module, distributions in packages_distributions().items()
        for distribution in distributions
        if distribution.lower().replace("_", "-") in asked_for
    }


def imported_modules(tree: ast.AST) -> set[str]:
    """The dotted names a file imports or opens the package files of, its own relative ones left out."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                found |= {alias.name for alias in aliases}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module)
            case ast.Call(func=ast.Name(id="files"), args=[ast.Constant(value=str(package))]):
                found.add(package)
    return found


def names_used(tree: ast.AST) -> set[str]:
    """Every name, attribute and imported name in a file."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return used | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def commands() -> set[str]:
    """What `frontdoor --help` offers, taken from the list argparse prints."""
    answer = subprocess.run(
        [sys.executable, "-m", "gateway", "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    listed = re.findall(r"^    ([a-z][a-z-]*)  ", answer.stdout, re.MULTILINE)
    assert "serve" in listed, answer.stdout
    return set(listed)


def test_files_stay_short_enough_to_be_read() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in python_files()}
    written = [size for size in sizes.values() if size]
    assert [str(path.relative_to(ROOT)) for path, size in sizes.items() if size > LONGEST_FILE] == []
    assert statistics.median(written) < MEDIAN_FILE


def test_no_module_is_named_for_having_no_room() -> None:
    assert [
        str(path.relative_to(ROOT))
        for path in python_files()
        if ROOMLESS & set(path.relative_to(ROOT).parts) or path.stem in ROOMLESS
    ] == []


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [
        path
        for path in python_files()
        if (text := path.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_every_folder_of_tests_is_a_package_so_that_equal_names_do_not_meet() -> None:
    folders = {Path(name).parent for name in tracked_files() if name.startswith("tests/") and name.endswith(".py")}
    assert [str(folder) for folder in sorted(folders) if str(folder / "__init__.py") not in tracked_files()] == []


def test_the_rooms_import_in_one_direction() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 0, answer.stdout


def test_what_is_imported_is_asked_for_by_name() -> None:
    known = {*sys.stdlib_module_names, *ROOMS, *NAMED_OTHERWISE, *modules_asked_for()}
    unasked = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files()
        for module in imported_modules(ast.parse(path.read_text("utf-8")))
        if module.split(".")[0] not in known
    }
    assert unasked == set()


def test_what_is_asked_for_is_used() -> None:
    words = set(re.findall(r"\w+", "\n".join(path.read_text("utf-8") for path in python_files())))
    asked_for = set(modules_asked_for().values()) - USED_BY_ITS_FRAMEWORK
    assert asked_for - {name for module, name in modules_asked_for().items() if module in words} == set()


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path != ROOT / "gateway/settings.py" and ENVIRONMENT_NAMES & names_used(ast.parse(path.read_text("utf-8")))
    ]
    assert readers == []


@pytest.mark.parametrize("setting", [PREFIX + name.upper() for name in Settings.model_fields])
def test_the_readme_names_the_setting(setting: str) -> None:
    assert re.search(rf"\b{setting}\b", (ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_the_setting_says_what_it_is(setting: str) -> None:
    assert Settings.model_fields[setting].description


def test_the_readme_shows_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {command for command in commands() if not re.search(rf"\bfrontdoor {command}\b", readme)} == set()


def test_nothing_is_left_unfinished() -> None:
    files = (
        (name, text)
        for name, text in tracked_texts(".py", ".md", ".html", ".txt", ".toml")
        if name != "docs/decisions.md" and not name.startswith("tests/samples/")
    )
    assert lines_matching(UNFINISHED, files) == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert lines_matching(MACHINE_PATH, tracked_texts()) == []


def test_no_pin_names_the_host_it_came_from() -> None:
    pins = [
        (name, text) for name, text in tracked_texts(".lock", "package-lock.json", "package.json", ".toml", ".npmrc")
    ]
    assert {"requirements.lock", "requirements-dev.lock", "package-lock.json"} <= {name for name, _ in pins}
    assert lines_matching(INDEX_HOST, iter(pins)) == []
    assert lines_matching(re.compile("://|file:"), ((name, text) for name, text in pins if "lock" in name)) == []


def test_every_pin_is_checked_against_a_hash() -> None:
    for name, text in tracked_texts(".lock"):
        entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
        assert entries, name
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == [], name


def test_what_runs_is_pinned_alike_for_running_and_for_testing() -> None:
    run, dev = (
        set(re.findall(r"^[a-z0-9][^ ]+==[^ ]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run <= dev


def test_the_command_is_the_one_the_packages_install() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {"frontdoor": "gateway.__main__:main"}
