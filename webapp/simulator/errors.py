"""Twilio's error answers: `{"code", "message", "more_info", "status"}`."""


class TwilioError(Exception):
    """Answers a REST request with Twilio's error body."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, object]:
        more_info = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more_info, "status": self.status}


def not_found(path: str) -> TwilioError:
    return TwilioError(404, 20404, f"The requested resource {path} was not found")


def invalid(parameter: str, why: str) -> TwilioError:
    return TwilioError(400, 20001, f"Invalid parameter {parameter}: {why}")


def missing(parameter: str) -> TwilioError:
    return TwilioError(400, 20001, f"Missing required parameter {parameter} in the post body")


def not_simulated(parameter: str) -> TwilioError:
    """Twilio would accept this; saying so beats doing nothing in silence."""
    return TwilioError(400, 20001, f"{parameter} is not part of this simulator")
