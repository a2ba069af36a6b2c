"""Codes of authenticators (RFC 6238), as pure functions: whoever calls gives the time, and no request can."""

import math
import re
from datetime import datetime, timedelta

import pyotp
from pyotp.exceptions import OTPVerificationError

SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
# A code of the period before or after is good too: phones are a little slow or fast, and typing takes time.
WINDOW = 1
# How far a wrong code is searched for, to tell somebody that their phone's clock is off.
SKEW_WINDOW = 10
LETTERS_IN_A_GROUP = 4


def make_secret() -> str:
    """A new secret of 160 bits, in base32."""
    return pyotp.random_base32()


def read_code(typed: str) -> str | None:
    """The six digits that were typed, with or without spaces, or None. Digits of other scripts are none."""
    digits = typed.replace(" ", "")
    return digits if SIX_DIGITS.fullmatch(digits) else None


def step_of(now: datetime, period: int) -> int:
    """The number of the period that this moment lies in."""
    return int(now.timestamp()) // period


def matching_step(secret: str, code: str, *, now: datetime, period: int, window: int = WINDOW) -> int | None:
    """The step whose code this is, within so many steps of now; the earliest where two are equal."""
    try:
        return pyotp.TOTP(secret, interval=period).verify_and_get_timecode(code, for_time=now, valid_window=window)
    except OTPVerificationError:
        return None


def clock_error(secret: str, code: str, *, now: datetime, period: int) -> timedelta | None:
    """By how much the phone's clock is fast (or, below zero, slow) if that is why a code does not fit."""
    step = matching_step(secret, code, now=now, period=period, window=SKEW_WINDOW)
    return timedelta(seconds=(step - step_of(now, period)) * period) if step is not None else None


def clock_error_in_words(error: timedelta) -> str:
    """Such as 'about 2 minutes slow'. Half minutes are rounded up: the code says no more than that."""
    minutes = max(1, math.floor(abs(error.total_seconds()) / 60 + 0.5))
    direction = "fast" if error > timedelta(0) else "slow"
    return f"about {minutes} minute{'s' if minutes > 1 else ''} {direction}"


def setup_address(secret: str, *, issuer: str, label: str, period: int) -> str:
    """What the QR code holds. What every authenticator takes for granted is left out."""
    return pyotp.TOTP(secret, interval=period).provisioning_uri(name=label, issuer_name=issuer)


def in_groups(secret: str) -> str:
    """The key as a person types it: DMZF DW2D …"""
    return " ".join(secret[start : start + LETTERS_IN_A_GROUP] for start in range(0, len(secret), LETTERS_IN_A_GROUP))


def code_of_step(secret: str, step: int, *, period: int) -> str:
    """The code that an app shows in that period; for development, where nobody has a phone at hand."""
    return pyotp.TOTP(secret, interval=period).at(step * period)
