"""The questions that tell neighbouring answers apart."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from helpdesk.faq.loader.schema import QuestionFields, QuestionsFile, validated
from helpdesk.faq.loader.sources import Source, Unreadable
from helpdesk.faq.loader.toml_tables import read_table
from helpdesk.faq.types import Problem, Question, QuestionOption

FILE = "questions.toml"


def read_questions(folder: Path, ids: Collection[str], problems: list[Problem]) -> tuple[Question, ...]:
    """All questions; none when one of them leads nowhere. `ids` are those of all answers."""
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        source = read_table(path)
    except Unreadable as error:
        problems.append(error.problem)
        return ()
    file, wrong = validated(QuestionsFile, source)
    wrong += _lost(source, file.question, ids) if file else ()
    problems += wrong
    return tuple(map(_question, file.question)) if file and not wrong else ()


def _question(fields: QuestionFields) -> Question:
    options = tuple(QuestionOption(one.says, one.answer or "", one.question or "") for one in fields.options)
    return Question(fields.id, fields.asks, frozenset(fields.about), options)


def _lost(source: Source, questions: tuple[QuestionFields, ...], ids: Collection[str]) -> Iterator[Problem]:
    """Ids that are there twice or not at all, and ways through more than two questions."""
    known = {one.id: one for one in questions}
    for at, question in enumerate(questions):
        if known[question.id] is not question:
            yield source.problem(("question", at, "id"), "is there twice")
        for answer_id in question.about:
            if answer_id not in ids:
                yield source.problem(("question", at, "about"), f"there is no answer {answer_id}")
            elif answer_id not in _reached(question, known):
                yield source.problem(("question", at, "about"), f"no option leads to {answer_id}")
        for option in question.options:
            if option.answer and option.answer not in ids:
                yield source.problem(("question", at, "options"), f"there is no answer {option.answer}")
            if option.question:
                yield from _lost_way(source, at, known.get(option.question), option.question)


def _reached(question: QuestionFields, known: Mapping[str, QuestionFields]) -> set[str | None]:
    """The answers to which the options lead, at once or by one further question."""
    further = [known[one.question] for one in question.options if one.question and one.question in known]
    return {option.answer for one in (question, *further) for option in one.options}


def _lost_way(source: Source, at: int, further: QuestionFields | None, further_id: str) -> Iterator[Problem]:
    if further is None:
        yield source.problem(("question", at, "options"), f"there is no question {further_id}")
    elif any(option.question for option in further.options):
        yield source.problem(("question", at, "options"), f"{further_id} asks further; two questions are the most")
