from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit import config as streamlit_config
from streamlit.web.server.app_discovery import discover_asgi_app

from qualitycycle import config

ROOT = Path(__file__).parents[2]
SHIPPED = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def names(table, prefix=""):
    """Every option of a configuration by its dotted name."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from names(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


@pytest.mark.parametrize("name", sorted(names(SHIPPED)))
def test_streamlit_knows_every_option_we_set(name):
    assert name in streamlit_config._config_options_template


def test_the_hidden_option_that_makes_a_click_twice_as_fast_still_exists():
    option = streamlit_config._config_options_template["runner.postScriptGC"]

    assert option.visibility == "hidden"
    assert SHIPPED["runner"]["postScriptGC"] is False


def test_only_this_computer_is_listened_to():
    assert SHIPPED["server"]["address"] == "127.0.0.1"
    assert set(SHIPPED["server"]["allowedHosts"]) == {"127.0.0.1", "localhost"}


def test_nothing_is_reported_to_anybody():
    assert SHIPPED["browser"]["gatherUsageStats"] is False


def test_streamlit_run_finds_the_app():
    found = discover_asgi_app(ROOT / "app.py")

    assert (found.is_asgi_app, found.import_string) == (True, "app:app")


def test_the_app_is_found_from_a_checkout():
    assert config.app_folder() == ROOT


def test_an_installed_package_brings_the_app_and_its_settings():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert {"app.py", "pages", ".streamlit"} <= set(included)


@pytest.mark.parametrize("folder", [".", "qualitycycle/ui"])
def test_no_module_beside_a_script_hides_one_of_pythons_own(folder):
    # Streamlit puts the folder of its script first on the search path.
    hiding = [path.name for path in (ROOT / folder).glob("*.py") if path.stem in sys.stdlib_module_names]

    assert hiding == []


def test_the_front_door_is_one_screen():
    source = (ROOT / "app.py").read_text(encoding="utf-8")

    assert len(source.splitlines()) <= 40
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
