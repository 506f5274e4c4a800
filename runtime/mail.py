"""Mails through an SMTP server, in a thread: the standard library's client blocks."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage

import structlog

from settings import MailSecurity, MailSettings

SECONDS = 20.0

log = structlog.stdlib.get_logger()


async def send_mail(settings: MailSettings, to: str, subject: str, text: str) -> bool:
    """Hand a mail to the server. Returns whether it took it; a failure is logged, not raised."""
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, to
    message["Subject"] = " ".join(subject.split())
    message.set_content(text)
    try:
        await asyncio.to_thread(_send, settings, message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("mail_not_sent", error=type(error).__name__)
        return False
    return True


def _send(settings: MailSettings, message: EmailMessage) -> None:
    host, port = settings.mail_host or "", settings.mail_port
    trusted = ssl.create_default_context()
    if settings.mail_security is MailSecurity.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    with server:
        if settings.mail_security is MailSecurity.starttls:
            server.starttls(context=trusted)
        if settings.mail_user and settings.mail_password:
            server.login(settings.mail_user, settings.mail_password.get_secret_value())
        server.send_message(message)
