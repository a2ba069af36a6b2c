"""The editors' pages: open an answer, see what a change does, publish it, restore an older version."""

from flask import Blueprint, Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.errors import ChangedMeanwhile
from helpdesk.faq import queries
from helpdesk.faq.errors import AnswerExists, FolderReadOnly
from helpdesk.faq.forms import AnswerForm, NewAnswerForm, filled_form
from helpdesk.faq.loader.answer_text import AnswerText
from helpdesk.faq.presenters import editor as presenters
from helpdesk.faq.service import editing
from helpdesk.faq.service.library import current_library
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

# More than one group of alike messages has.
MOST_PROPOSED = 50
PUBLISHED = "Published. People see it within a few seconds."

blueprint = Blueprint("faq_editor", "helpdesk.faq", url_prefix="/admin/faq", template_folder="templates")


@blueprint.get("")
@requires(Permission.FAQ_EDIT)
def overview() -> ResponseReturnValue:
    """See every answer with its review date, overdue ones first, and what is wrong with the files."""
    page = presenters.overview_page(current_library(), clock.now().date())
    return render_template("faq/editor_overview.html", page=page)


@blueprint.get("/<topic_id>/<slug>")
@requires(Permission.FAQ_EDIT)
def edit(topic_id: str, slug: str) -> ResponseReturnValue:
    """Open an answer, or an older version of it."""
    opened = editing.open_answer(f"{topic_id}/{slug}")
    number = request.args.get("version", type=int)
    if number is None:
        notice = PUBLISHED if "published" in request.args else ""
        return _page(opened.answer_id, filled_form(opened.text, mark=opened.mark), notice=notice)
    older = editing.text_of_version(opened.answer_id, queries.get_revision(opened.answer_id, number).text)
    notice = f"This is version {number}. Check it, then publish it to restore it."
    return _page(opened.answer_id, filled_form(older, mark=opened.mark), notice=notice)


@blueprint.post("/add-phrasings")
@requires(Permission.FAQ_EDIT)
def add_phrasings() -> ResponseReturnValue:
    """Open an answer with more phrasings filled in. Nothing changes until it is published."""
    opened = editing.open_answer(request.form.get("answer", ""))
    proposed = [" ".join(text.split()) for text in request.form.getlist("phrasing")[:MOST_PROPOSED]]
    form = filled_form(opened.text, mark=opened.mark)
    new = dict.fromkeys(text for text in proposed if text and text not in opened.text.phrasings)
    form.phrasings.data = "\n".join([*opened.text.phrasings, *new])
    return _page(opened.answer_id, form, notice=f"{len(new)} phrasings were added at the end of the list. Check them.")


@blueprint.get("/new")
@requires(Permission.FAQ_EDIT)
def new() -> ResponseReturnValue:
    """Begin a new answer."""
    return _new_page(NewAnswerForm())


@blueprint.post("/new/from-messages")
@requires(Permission.FAQ_EDIT)
def new_from_messages() -> ResponseReturnValue:
    """Begin a new answer for messages that none answers, with what a person answered beside."""
    proposed = [" ".join(text.split()) for text in request.form.getlist("phrasing")[:MOST_PROPOSED]]
    answered = "\n\n".join(request.form.getlist("answered"))
    return _new_page(NewAnswerForm(data={"phrasings": "\n".join(filter(None, proposed)), "body": answered}))


@blueprint.post("/new")
@requires(Permission.FAQ_EDIT)
def start() -> ResponseReturnValue:
    """Open the form of the new answer. Nothing is kept until it is published."""
    form = _with_topics(NewAnswerForm(request.form))
    if not form.validate():
        return _new_page(form), 422
    try:
        answer_id = editing.start_answer(form.topic.data, form.title.data or "")
    except AnswerExists as error:
        form.title.errors = (error.message,)
        return _new_page(form), 422
    answer = form.as_answer(today=clock.now().date(), owner=current_actor().name)
    return _page(answer_id, answer, notice="This answer is new. Nobody sees it until you publish it.")


@blueprint.post("/<topic_id>/<slug>")
@requires(Permission.FAQ_EDIT)
@commits
def change(topic_id: str, slug: str) -> ResponseReturnValue:
    """Preview a change, or publish it once its preview was seen."""
    answer_id = f"{topic_id}/{slug}"
    form = _with_answers(AnswerForm(request.form))
    if not form.validate():
        return _page(answer_id, form), 422
    planned = editing.plan_change(answer_id, form.text())  # before the transaction's first statement: it takes seconds
    if planned.problems:
        form.show_problems(planned.problems)
        return _page(answer_id, form), 422
    if request.form.get("act") != "publish":
        return _previewed(form, planned)
    refused = _refusal(form, planned)
    return refused or _publish(form, planned)


def init_app(app: Flask) -> None:
    """Add the editors' pages."""
    app.register_blueprint(blueprint)


def _refusal(form: AnswerForm, planned: editing.Change) -> ResponseReturnValue | None:
    if planned.effect.worse and not form.reason.data:
        form.reason.errors = [presenters.refusal_of(planned.effect.worse)]
    elif form.seen.data != planned.seen:
        form.form_errors.append("The preview has changed. Read it again, then publish")
    else:
        return None
    return _previewed(form, planned), 422


def _publish(form: AnswerForm, planned: editing.Change) -> ResponseReturnValue:
    try:
        editing.publish(planned, by=current_actor(), mark=form.mark.data or "", reason=form.reason.data or "")
    except ChangedMeanwhile:
        newest = editing.open_answer(planned.answer_id)
        form.mark.data = newest.mark
        form.form_errors.append("Somebody else changed this answer after you opened it. Your text is kept below")
        return _page(planned.answer_id, form, theirs=newest.text), 409
    except FolderReadOnly as error:
        form.form_errors.append(error.message)
        return _previewed(form, planned), 409
    return redirect(f"{presenters.edit_url(planned.answer_id)}?published=1", 303)


def _previewed(form: AnswerForm, planned: editing.Change) -> str:
    form.seen.data = planned.seen
    return _page(planned.answer_id, form, preview=presenters.preview_of(current_library(), planned))


def _page(
    answer_id: str,
    form: AnswerForm,
    *,
    notice: str = "",
    theirs: AnswerText | None = None,
    preview: presenters.Preview | None = None,
) -> str:
    page = presenters.edit_page(
        answer_id,
        form.title.data or answer_id,
        queries.list_revisions(answer_id),
        notice=notice,
        theirs=theirs.to_file() if theirs else "",
        preview=preview,
    )
    return render_template("faq/editor_edit.html", page=page, form=_with_answers(form), has_errors=bool(form.errors))


def _new_page(form: NewAnswerForm) -> str:
    return render_template("faq/editor_new.html", form=_with_topics(form), has_errors=bool(form.errors))


def _with_topics(form: NewAnswerForm) -> NewAnswerForm:
    form.offer_topics(current_library().topics)
    return form


def _with_answers(form: AnswerForm) -> AnswerForm:
    form.offer_answers(list(current_library().answers.values()))
    return form
