"""What a message is about, found before any transaction begins: it costs more time than all the rest."""

from helpdesk.bot.rules.decisions import decide
from helpdesk.bot.rules.diagnosis import starting_questions
from helpdesk.bot.rules.parts import parts_of
from helpdesk.bot.rules.recognise import courtesy_at_start, recognise, without_the_wait
from helpdesk.bot.rules.replies import reply_to
from helpdesk.bot.service.turns import MOST_CHARACTERS
from helpdesk.bot.types import Entries, History, Reply, Understood, Wish
from helpdesk.core.redaction import without_markers, without_secrets
from helpdesk.faq.service.library import current_library
from helpdesk.faq.types import Content, Library

# Enough that something is left to offer when the first few were shown before.
CANDIDATES = 6
# Enough to see whether a part is clear about its first.
CANDIDATES_OF_A_PART = 2


def understand(text: str) -> Understood:
    """What the message asks for, and the answers that may fit it. From here on nobody sees the secrets in it."""
    return understand_with(current_library(), without_secrets(text, MOST_CHARACTERS))


def understand_with(library: Library, text: str) -> Understood:
    """The same with other answers than those in use, for a message that is kept nowhere."""
    recognised, said = recognise(text, library), without_markers(text)
    # That somebody waits would drown what is to be fixed, so the fix is sought in the rest of the message.
    question = without_the_wait(said, library) if recognised.wish is Wish.PATIENT_WAITING else said
    engine = library.engine
    return Understood(
        text=text,
        recognised=recognised,
        candidates=engine.match(question, limit=CANDIDATES).candidates,
        is_semantic=engine.is_semantic,
        courtesy_id=courtesy_at_start(said, library),
        parts=tuple(engine.match(part, limit=CANDIDATES_OF_A_PART).candidates for part in parts_of(question)),
    )


def ask(text: str) -> Reply:
    """The reply to a message on its own, as the command line gives it."""
    library = current_library()
    return reply_to(decide(understand(text), History(), entries_of(library)), library)


def entries_of(content: Content) -> Entries:
    """What the rules need to know of the FAQ."""
    return Entries(
        next_answers={answer.id: answer.next_step.answer_id for answer in content.answers.values()},
        safety_answers={entry.id: entry.answer_id for entry in content.safety if entry.answer_id},
        neighbours=neighbours_of(content),
        questions=(*starting_questions(), *content.questions),
    )


def neighbours_of(content: Content) -> dict[str, frozenset[str]]:
    """For each answer those that it names, or that name it, as related or as the next step."""
    found: dict[str, set[str]] = {answer_id: set() for answer_id in content.answers}
    for answer in content.answers.values():
        for other in (*answer.related, answer.next_step.answer_id):
            if other:
                found[answer.id].add(other)
                found[other].add(answer.id)
    return {answer_id: frozenset(others) for answer_id, others in found.items()}
