"""The shapes of what programs send to the chat and get from it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from helpdesk.bot.types import Outcome

# What a program shows to the person when something was taken out.
NOTICE = "Says to the person which secrets we removed from what they wrote; empty when there was none."

SKEW = (
    "By how many seconds the clock of the person’s device is fast, with an option whose id ends in “/here”. "
    "Measure it by the Date header of any reply of ours."
)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class MessageIn(_Sent):
    text: StrictStr = Field(min_length=1, description="What the person wrote; cut after 2,000 characters.")
    skew_seconds: float | None = Field(None, description=SKEW)


class FeedbackIn(_Sent):
    helped: StrictBool = Field(description="Whether the last answer fixed it.")


class HandoverIn(_Sent):
    name: StrictStr
    email: StrictStr
    phone: StrictStr = Field("", description="Needed for the route phone.")
    organisation: StrictStr = Field(description="The pharmacy's name, postcode or ODS code.")
    route: Literal["email", "phone"]
    summary: StrictStr
    patient_waiting: StrictBool = False


class EventsQuery(_Sent):
    after: int = Field(0, ge=0, le=2**31 - 1, description="The number of the last event that you have.")
    seen: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="The number of the last event that the person has had before them: we do not mail it any more.",
    )


class ConversationOut(BaseModel):
    id: UUID
    token: str = Field(description="Send it with every later call: Authorization: Bearer <token>.")


class AnswerOut(BaseModel):
    id: str = Field(examples=["barcodes/will-not-scan"])
    title: str
    confidence: float = Field(ge=0, le=1)
    html: str
    url: str


class OptionOut(BaseModel):
    id: str
    title: str


class ReplyOut(BaseModel):
    outcome: Outcome
    text: str
    answers: list[AnswerOut] = Field(description="In order; for clarify these are the offered options.")
    options: list[OptionOut] = Field(description="What can be tapped next; send its id or title as a message.")
    notice: str = Field("", description=NOTICE)


class HandoverOut(BaseModel):
    reference: str = Field(examples=["HD-7K3M-2QXP"])
    pin: str
    status_url: str
    next: str = Field(description="What happens now, in a sentence for the person.")
    notice: str = Field("", description=NOTICE)


class EventOut(BaseModel):
    number: int
    at: str
    author: Literal["requester", "assistant", "helpdesk"]
    kind: str
    text: str
    answers: list[AnswerOut] = []
    options: list[OptionOut] = []


class EventsOut(BaseModel):
    events: list[EventOut]
