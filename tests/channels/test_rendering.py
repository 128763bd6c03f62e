"""Templates: what they may hold, what is said of what they may not, and what comes out of them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rendering import FILTERS, WORDS, TemplateError, problems, render, render_subject

GIVEN = {
    "name": "Ada",
    "learner": "Lin",
    "mentor": "",
    "program": "Job-ready",
    "what": "second session",
    "due": "Friday",
}


def test_words_conditions_and_filters() -> None:
    template = (
        "Hello {{ name }},\n\n"
        "{# not for the reader #}"
        "{% if what == 'second session' and not mentor %}It is your second.\n"
        "{% elif mentor %}{{ mentor }} waits.\n{% else %}-\n{% endif %}"
        "{{ mentor | default('Your mentor') }} {{ program | upper }} {{ due | lower }} {{ what | capitalize }}"
    )
    assert problems(template) == []
    assert render(template, GIVEN) == "Hello Ada,\n\nIt is your second.\nYour mentor JOB-READY friday Second session\n"


def test_blank_lines_that_a_condition_leaves_become_one() -> None:
    template = "\nA\n\n{% if mentor %}\n{{ mentor }}\n{% endif %}\n\nB\n\n\n"
    assert render(template, GIVEN) == "A\n\nB\n"


def test_what_is_put_in_is_not_read_as_a_template() -> None:
    assert render("{{ name }}", GIVEN | {"name": "{{ due }}<b>&"}) == "{{ due }}<b>&\n"


def test_a_word_that_is_not_given_is_said_without_those_that_are() -> None:
    with pytest.raises(TemplateError, match="nothing was given for the word 'mentor'") as caught:
        render("{{ name }} {{ mentor }}", {"name": "Ada"})
    assert "Ada" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_template_with_problems_is_not_rendered() -> None:
    with pytest.raises(TemplateError, match="line 2: there is no word 'lerner'"):
        render("Hello,\n{{ lerner }}", GIVEN)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ lerner }}", "line 1: there is no word 'lerner'; did you mean 'learner'?"),
        ("{{ qqq }}", "there is no word 'qqq'; write one of: name, learner, mentor, program, what, due"),
        ("a\nb {{ name", "line 2: it cannot be read: what {{ or {% begins is not ended; end it with }} or %}"),
        ("a\n\n{% endif %}", "line 3: it cannot be read: {% endif %} stands outside of an if"),
        ("{% if name %}", "line 1: it cannot be read: {% if %} is not ended; end it with {% endif %}"),
        ("{% fi %}", "there is no tag 'fi'; the tags are if, elif, else and endif"),
        ("{{ }}", "there is nothing where a word is to be"),
        ("{{ name due }}", "'due' follows where {{ }} or {% %} is to end"),
        ("{{ (name }}", "'}' stands where ')' is to be; end every bracket that begins"),
        ("{{ name) }}", "')' stands where it cannot be"),
        ("{{ name $ }}", "'$' cannot stand within {{ }} or {% %}; take it out"),
        ("{% if name = 'x' %}{% endif %}", "a single '=' compares nothing; write == or !="),
        ("{# x", "a comment that {# begins is not ended; end it with #}"),
        ("{% %}", "there is no word after {%; the tags are"),
        ("{{ name | }}", "'}}' stands where 'a word' is to be"),
        ("{% block a-b %}{% endblock %}", "it has not the form of a template; write {{ word }}"),
        ("{{ name | uper }}", "there is no filter 'uper'; did you mean 'upper'?"),
        ("{{ name | upper('x') }}", "the filter 'upper' is not used so; write upper"),
        ("{{ name | default }}", "the filter 'default' is not used so; write default('a text')"),
        ("{{ name | default(**name) }}", "the filter 'default' is not used so"),
        ("{{ 1 }}", "1 is not a text; put it in quotes"),
        ("{{ true }}", "True is not a text"),
        ("a\n{% if name > 'a' %}{% endif %}", "line 2: words are only compared by == and !="),
        ("{% if name in 'Ada' %}{% endif %}", "words are only compared by == and !="),
        ("{% if name is defined %}{% endif %}", "a test (is) is not allowed in a letter; write {% if word %}"),
        ("{{ name if due }}", "if within {{ }} is not allowed in a letter; write {% if ... %}"),
        ("{{ name ~ due }}", "~ is not allowed in a letter; write the two one after the other"),
        ("{{ name * 1000000000 }}", "arithmetic is not allowed"),
        ("{{ 'a' * 1000000000 }}", "arithmetic is not allowed"),
        ("{{ -name }}", "arithmetic is not allowed"),
        ("{{ (name, due) }}", "a list is not allowed"),
        ("{{ {'a': name} }}", "a list is not allowed"),
        ("{{ name[0] }}", "what stands in brackets after a word is not allowed"),
        ("{{ name[0:2] }}", "what stands in brackets after a word is not allowed"),
        ("{{ name.upper }}", "what stands after a point is not allowed"),
        ("{{ name() }}", "a call is not allowed"),
        ("{% for one in name %}{% endfor %}", "a loop (for) is not allowed"),
        ("{% macro a() %}{% endmacro %}", "a macro is not allowed"),
        ("{% call name() %}{% endcall %}", "a call of a macro is not allowed"),
        ("{% include 'x' %}", "include is not allowed"),
        ("{% import 'x' as y %}", "import is not allowed"),
        ("{% from 'x' import y %}", "import is not allowed"),
        ("{% extends 'x' %}", "extends is not allowed"),
        ("{% block a %}{% endblock %}", "a block is not allowed"),
        ("{% set name = 'x' %}", "set is not allowed"),
        ("{% set name %}x{% endset %}", "set is not allowed"),
        ("{% with a = 'x' %}{% endwith %}", "with is not allowed"),
        ("{% filter upper %}x{% endfilter %}", "a filter around a block is not allowed"),
        ("a\n\n{% autoescape true %}{% endautoescape %}", "line 3: autoescape is not allowed"),
        ("{{ " + "(" * 5000 + "name" + ")" * 5000 + " }}", "beyond all measure"),
        ("{{ " + "9" * 5000 + " }}", "beyond all measure"),
        ("{% if name %}" * 30 + "{% endif %}" * 30, "nested more than 20 deep"),
        ("{{ name" + " | upper" * 1000 + " }}", "nested more than 20 deep"),
        ("{% if name %}" + "{% elif due %}" * 30 + "{% endif %}", "an if has more than 20 elif"),
        ("a" * 20_001, "it has 20,001 characters, and 20,000 are the most"),
    ],
)
def test_what_may_not_be_is_said_with_its_line_and_how_to_mend_it(template: str, said: str) -> None:
    (problem,) = problems(template)
    assert said in str(problem)
    with pytest.raises(TemplateError):
        render(template, GIVEN)


def test_all_problems_are_said_at_once_in_the_order_of_their_lines() -> None:
    found = problems("{{ nam }}\n{{ name.x }}\n{{ due | x }}{{ due | x }}")
    assert [one.line for one in found] == [1, 2, 3]


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name.__init__.__globals__ }}",
        "{{ name['__class__'] }}",
        "{{ name | attr('__class__') }}",
        "{{ '%c' % 0 }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ name | format(name) }}",
        "{{ name | map('upper') }}",
        "{{ self.__init__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ namespace() }}",
        "{{ range(1000000000) }}",
        "{{ joiner }}",
        "{{ caller }}",
        "{% set x = self._TemplateReference__context %}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
        "{% import 'os' as os %}",
        "{% debug %}",
        "{% do name.append('x') %}",
    ],
)
def test_ways_out_of_the_sandbox_are_closed(escape: str) -> None:
    assert problems(escape)
    with pytest.raises(TemplateError):
        render_subject(escape, GIVEN)


@given(st.dictionaries(st.sampled_from(sorted(WORDS)), st.text()))
def test_a_subject_has_one_line_whatever_the_words_are(words: dict[str, str]) -> None:
    subject = render_subject("{{ name }}: {{ what }}\n{{ due }}", dict.fromkeys(WORDS, "") | words)
    assert len(subject.splitlines()) <= 1
    assert not {unicodedata.category(char) for char in subject} & {"Cc", "Zl", "Zp", "Cs"}


def test_a_subject_keeps_what_a_line_may_hold() -> None:
    assert (
        render_subject("{{ name }}", {"name": " Ana\r\nBcc: x@y.example\u2028\x00🌱  né "})
        == "Ana Bcc: x@y.example 🌱 né"
    )


_PIECES = [
    *("{{ ", " }}", "{% ", " %}", "{#", "#}", "-", "raw", "endraw", "\n", "x", "1", "'a'", '"'),
    *("if ", "elif ", "else", "endif", "for ", "in ", "set ", "not ", "and ", "or ", "==", "!="),
    *("(", ")", "[", "]", ".", "|", "~", "#"),
    *WORDS,
    *FILTERS,
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text())
def test_a_template_has_problems_or_is_rendered(template: str) -> None:
    if problems(template):
        with pytest.raises(TemplateError):
            render(template, GIVEN)
    else:
        assert render(template, GIVEN).endswith("\n")


def test_every_word_and_filter_is_explained_and_can_be_used() -> None:
    for word, explained in WORDS.items():
        assert re.fullmatch(r"[A-Z].+\.", explained)
        assert problems(f"{{{{ {word} }}}}") == []
    assert FILTERS.keys() == {"upper", "lower", "capitalize", "default"}
