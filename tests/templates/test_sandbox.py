"""Templates cannot leave their closed world: what static checks let through, the sandbox stops."""

import pytest

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.placeholders import sample_context
from templates.problems import RenderProblem
from templates.render import render

ESCAPES = [
    "{{ debtor.__class__ }}",
    "{{ debtor.source }}",
    "{{ debtor['source'] }}",
    "{{ debtor['__class__']['__mro__'] }}",
    "{{ debtor.name.__class__.__mro__ }}",
    "{{ debtor.name['__class__'] }}",
    "{{ debtor.name|attr('__class__') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ (1).__class__ }}",
    "{{ installment.amount.money }}",
    "{% set a = installment.amount %}{{ a.__class__.__init__.__globals__ }}",
    "{% set d = debtor %}{{ d.__class__.__init__.__globals__ }}",
    "{% set d = debtor %}{{ d.source }}",
    "{% set d = debtor %}{{ d.read('name') }}",
    "{% set d = debtor %}{{ d.read.__func__ }}",
    "{% macro m() %}x{% endmacro %}{{ m._func }}",
    "{% macro m() %}x{% endmacro %}{{ m.__init__ }}",
    "{% set r = payment.references %}{{ r._asdict }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ config }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ range(100000000)|list }}",
    "{{ namespace }}",
    "{{ dict(a=1) }}",
    "{{ '%s' % debtor.name.__class__ }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{0.__class__}'.format(debtor) }}",
    "{{ 'x'.ljust(999999999) }}",
    "{{ 'x'.center(10) }}",
    "{{ 'x' * 999999999 }}",
    "{{ [1] * 999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a'|center(999999999) }}",
    "{% set a = 'a'|replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaa')|replace('a', 'aaaaaaaaaaaaaaaaaaaaaaa') %}"
    "{{ a|replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') }}",
    "{{ debtor.name|pprint }}",
    "{{ debtor|tojson }}",
    "{{ debtor.name|safe }}",
    "{{ [1,2]|random }}",
    "{{ [debtor]|map(attribute='source')|list }}",
    "{{ payment.references.append(1) }}",
    "{% include '../../etc/passwd' %}",
    "{% include 'otro.sms.j2' %}",
    "{% import 'os' as os %}x",
    "{% autoescape false %}{{ debtor.name }}{% endautoescape %}",
    "{% for a in 'xx' %}{% for b in 'xx' %}{% for c in 'xx' %}x{% endfor %}{% endfor %}{% endfor %}",
    "{{ installment.amount|int }}",
    "{{ installment.amount|abs }}",
    "{{ debtor|list }}",
    "{{ debtor ~ '' }}",
    "{{ [debtor.name, debtor] | join }}",
    "{% for a in 'x' recursive %}{{ loop.__class__ }}{% endfor %}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_escapes_and_exhaustion_are_refused(text: str) -> None:
    catalog = TemplateCatalog.from_sources({"es/a.sms.j2": text})
    template = catalog.find("a", Channel.SMS, "es")
    if template is None:
        assert catalog.problems()
        return
    with pytest.raises(RenderProblem):
        render(template, sample_context())
