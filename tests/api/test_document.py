"""The OpenAPI document and the page say what there is, from the services' own declarations, in both languages."""

import json
import re
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.utils import translation

from shebao.api.v1 import answers, assembly, document, filing, problems, shapes
from shebao.casework import catalogue
from shebao.casework.ask import questions
from shebao.identity.api_keys import Scope
from tests.promises.test_routes import routes

pytestmark = pytest.mark.django_db
BY_MACHINE = [one for one in catalogue.declared() if one.by_machine]


def operations():
    return [
        (path, method, one)
        for path, methods in document.document()["paths"].items()
        for method, one in methods.items()
    ]


def test_the_document_is_openapi_and_served_to_everybody(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    assert answer.json()["openapi"] == "3.1.0"
    english = client.get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
    assert english.json()["paths"].keys() == answer.json()["paths"].keys()
    assert english.json()["info"]["title"].isascii()


@pytest.mark.parametrize("service", BY_MACHINE, ids=lambda one: one.code)
def test_every_service_for_machines_has_its_endpoints_and_schema(service):
    found = document.document()
    for what in ("cases", "check"):
        body = found["paths"][f"/services/{service.code}/{what}"]["post"]["requestBody"]
        ref = body["content"]["application/json"]["schema"]["properties"]["rows"]["items"]["$ref"]
        schema = found["components"]["schemas"][ref.rpartition("/")[2]]
        assert list(schema["properties"]) == [one.name for one in service.questions]
        assert schema["required"] == [one.name for one in service.questions if one.required]
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize("service", BY_MACHINE, ids=lambda one: one.code)
def test_every_field_has_a_json_spelling_of_its_own_and_an_example_that_is_right(service):
    for question in questions(service.row):
        assert question.kind in shapes.KINDS or question.choices, f"{question.name}: add it to shapes.KINDS"
        one = shapes.example(question)
        assert shapes.misfit(question, one) is None
        question.read(one)


def test_every_field_and_parameter_says_what_it_is_in_its_unit_with_an_example():
    found = json.loads(document.written("zh-hans"))
    for name, schema in found["components"]["schemas"].items():
        for field, one in schema.get("properties", {}).items():
            where = f"{name}.{field}"
            assert is_chinese(one["title"]), where
            assert one["description"], where
            of_lines = "$ref" in one.get("items", {}) or "items" in str(one.get("anyOf"))
            of_own = any("examples" in part for part in one.get("anyOf", []))
            assert of_lines or of_own or one["examples"], where
            if answers.MONEY in [part.get("pattern") for part in (one, *one.get("anyOf", []))]:
                assert "元" in one["description"], f"{where} is money"
    for path, methods in found["paths"].items():
        for one in methods.values():
            for parameter in one["parameters"]:
                assert is_chinese(parameter["description"]), f"{path} {parameter['name']}"


def is_chinese(text):
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_every_operation_says_what_it_needs_answers_and_refuses():
    for path, method, one in operations():
        where = f"{method} {path}"
        assert one["security"] == [{"ApiKey": [one["x-scope"]]}], where
        assert one["x-scope"] in Scope.values and one["summary"], where
        assert {"401", "403", "429", "500"} <= one["responses"].keys(), where
        for status, answer in one["responses"].items():
            media = "application/json" if status < "400" else problems.MEDIA_TYPE
            assert list(answer["content"]) == [media], where


def test_the_api_can_be_built_again_whatever_became_of_the_first_time():
    again = assembly.api.__wrapped__()
    assert again is not assembly.api()
    assert again.get_openapi_schema(path_prefix="")["paths"].keys() == document.document()["paths"].keys()


def test_answers_are_readable_where_chinese_is():
    text = assembly.api().renderer.render(None, {"name": "李小明"}, response_status=200)
    assert text == '{"name": "李小明"}'


def test_every_route_of_the_api_is_in_the_document():
    below = {
        path.removeprefix("api/v1").replace("<", "{").replace(">", "}")
        for path, _entry in routes(get_resolver())
        if path.startswith("api/v1/") and "(?P" not in path and "openapi" not in path
    }
    assert below == set(document.document()["paths"])


def test_no_word_of_the_document_is_left_untranslated():
    """But for what the services say of themselves, which `bin/messages` looks after."""
    found = json.loads(document.written("en"))
    for service in BY_MACHINE:
        found["components"]["schemas"].pop(filing.schema_name(service))
        for what in ("cases", "check", "rows"):
            for one in found["paths"].get(f"/services/{service.code}/{what}", {}).values():
                one.pop("summary")
    left = [text for text in words(found) if any("\u4e00" <= sign <= "\u9fff" for sign in text)]
    assert not left


def words(part):
    if isinstance(part, dict):
        for name, value in part.items():
            yield from () if name in ("examples", "example") else words(value)
    elif isinstance(part, list):
        for one in part:
            yield from words(one)
    elif isinstance(part, str):
        yield part


def test_generators_find_a_name_for_every_schema():
    """They call a class by its schema's title, and stop at a sign that no name has."""
    for name, schema in document.document()["components"]["schemas"].items():
        assert schema["title"] == name and name.isidentifier() and name.isascii()


def test_what_the_proxy_says_no_with_is_among_the_problems_that_the_document_names(settings):
    proxy = Path(__file__).resolve().parents[2].joinpath("deploy/nginx.conf").read_text()
    said = [json.loads(one) for one in re.findall(r"return \d+ '(.*)';", proxy)]
    assert {one["code"] for one in said} == {"too-large", "away"}
    for one in said:
        kind = problems.KINDS[one["code"]]
        with translation.override("zh-hans"):
            known = (f"/api/#{kind.code}", kind.status, str(kind.title), str(kind.remedy))
        assert (one["type"], one["status"], one["title"], one["detail"]) == known
    (most,) = re.findall(r"client_max_body_size (\d+)m", proxy)
    assert int(most) * 2**20 > settings.API_MOST_BYTES == 16 * 2**20, "the hall itself says it in words"


def test_the_manual_is_open_to_everybody_and_shows_every_operation_and_problem(client):
    answer = client.get("/api/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for methods in document.document()["paths"].values():
        for one in methods.values():
            assert f'id="{one["operationId"]}"' in text
    assert all(f'id="{code}"' in text for code in problems.KINDS)
    assert "<script" not in text.split("<main")[1].split("</main")[0] and "style=" not in text
