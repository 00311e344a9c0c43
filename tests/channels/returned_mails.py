"""Mails that come back, as the world's servers write them."""

from uuid import UUID

ATTEMPT = UUID("01890000-0000-7000-8000-000000000001")
TOKEN = f"{ATTEMPT.hex}=0123456789abcdef"
VERP = f"b+{TOKEN}@rebotes.financiera.test"
OURS = f"<{ATTEMPT}@financiera.test>"

POSTFIX = f"""\
Return-Path: <>
Delivered-To: {VERP}
From: MAILER-DAEMON@mx.example.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {VERP}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A/mx"
Message-Id: <20261124153000.1@mx.example.test>

--A/mx
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<maria@example.test>: host mx said: 550 5.1.1 <maria@example.test>: Recipient address rejected

--A/mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test
Arrival-Date: Tue, 24 Nov 2026 15:30:00 +0000

Final-Recipient: rfc822; maria@example.test
Original-Recipient: rfc822;maria@example.test
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.test
Diagnostic-Code: smtp; 550 5.1.1 <maria@example.test>: Recipient address
    rejected: User unknown

--A/mx
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{VERP}>
Message-ID: {OURS}
Subject: Un aviso

--A/mx--
"""
DELAYED = (
    POSTFIX.replace("Action: failed", "Action: delayed")
    .replace("Status: 5.1.1", "Status: 4.4.1")
    .replace("550 5.1.1", "connect")
)
DELIVERED = POSTFIX.replace("Action: failed", "Action: delivered").replace("Status: 5.1.1", "Status: 2.0.0")
FULL = POSTFIX.replace("Status: 5.1.1", "Status: 5.2.2").replace("550 5.1.1", "552 5.2.2")
GENERIC = POSTFIX.replace("Status: 5.1.1", "Status: 5.0.0").replace("550 5.1.1", "550 5.7.1")
INTERNATIONAL = POSTFIX.replace("message/delivery-status", "message/global-delivery-status")
WITHOUT_VERP = POSTFIX.replace(VERP, "avisos@financiera.test")
EXCHANGE = f"""\
From: postmaster@corp.example.test
To: avisos@financiera.test
Subject: Undeliverable: Un aviso
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="X"

--X
Content-Type: text/html; charset="utf-8"

<p>Delivery has failed</p>

--X
Content-Type: message/delivery-status

Reporting-MTA: dns;corp.example.test
Received-From-MTA: dns;mx
Final-Recipient: rfc822;maria@example.test
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound

--X
Content-Type: message/rfc822

From: avisos@financiera.test
To: maria@example.test
Message-ID: {OURS}
Subject: Un aviso

Hola
--X--
"""
QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@old.example.test
To: {VERP}
Subject: failure notice

Hi. This is the qmail-send program at old.example.test.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<maria@example.test>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{VERP}>
Message-ID: {OURS}
Subject: Un aviso
"""
GIBBERISH = f"""\
Return-Path: <>
From: MAILER-DAEMON@weird.example.test
To: {VERP}
Subject: ???

no se pudo
"""
ABUSE = f"""\
From: staff@provider.example.test
To: fbl@financiera.test
Subject: FW: Un aviso
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="F"

--F
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--F
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{VERP}>
Source-IP: 192.0.2.1

--F
Content-Type: message/rfc822

From: avisos@financiera.test
Message-ID: {OURS}
Subject: Un aviso

Hola
--F--
"""
WANTED = ABUSE.replace("Feedback-Type: abuse", "Feedback-Type: not-spam")
AUTHENTICATION = ABUSE.replace("Feedback-Type: abuse", "Feedback-Type: auth-failure")
READ_RECEIPT = f"""\
From: maria@example.test
To: avisos@financiera.test
Subject: Read: Un aviso
In-Reply-To: {OURS}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="R"

--R
Content-Type: text/plain

Read.
--R
Content-Type: message/disposition-notification

Final-Recipient: rfc822;maria@example.test
Disposition: manual-action/MDN-sent-manually; displayed
--R--
"""
AWAY = f"""\
From: maria@example.test
To: {VERP}
Subject: Fuera de la oficina
Auto-Submitted: auto-replied (vacation)
In-Reply-To: {OURS}

Estoy de vacaciones, regreso el lunes y pago el viernes.
"""
ANSWER = f"""\
From: =?utf-8?q?Mar=C3=ADa?= <maria@example.test>
To: Financiera Demo <avisos@financiera.test>
Subject: Re: Un aviso
Message-ID: <r1@example.test>
In-Reply-To: {OURS}
References: {OURS}
Content-Type: text/plain; charset=utf-8

Pago el viernes.

El mar, 24 nov 2026 a las 9:30, Financiera Demo (<avisos@financiera.test>)
escribió:

> Hola. Para no recibir más correos: BAJA
"""
LEAVING = f"""\
From: maria@example.test
To: bajas+{TOKEN}@financiera.test
Subject: unsubscribe
Message-ID: <r2@example.test>

"""
