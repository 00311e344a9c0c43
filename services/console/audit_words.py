"""What the actions of the audit log are called."""

from collections.abc import Mapping

from services.console.words import Pair

ACTIONS: Mapping[str, Pair] = {
    "campaign.submitted": ("campaña enviada a revisión", "campaign submitted"),
    "campaign.approved": ("campaña aprobada", "campaign approved"),
    "campaign.rejected": ("campaña rechazada", "campaign rejected"),
    "campaign.paused": ("campaña en pausa", "campaign paused"),
    "campaign.resumed": ("campaña reanudada", "campaign resumed"),
    "campaign.retired": ("campaña retirada", "campaign retired"),
    "campaign.superseded": ("campaña reemplazada", "campaign superseded"),
    "stop.made": ("envíos detenidos", "sending stopped"),
    "stop.lifted": ("detención levantada", "stop lifted"),
    "closure.made": ("cierre ordenado", "closure ordered"),
    "closure.lifted": ("cierre levantado", "closure lifted"),
    "key.made": ("llave creada", "key made"),
    "key.revoked": ("llave revocada", "key revoked"),
    "user.made": ("usuario creado", "user made"),
    "user.changed": ("usuario cambiado", "user changed"),
    "user.disabled": ("usuario deshabilitado", "user disabled"),
    "hold.made": ("retención de contacto", "hold made"),
    "hold.released": ("fin de la retención", "hold released"),
    "suppression.made": ("supresión", "suppression made"),
    "suppression.lifted": ("supresión levantada", "suppression lifted"),
    "consent.recorded": ("consentimiento registrado", "consent recorded"),
    "debtor.erased": ("deudor borrado", "debtor erased"),
    "evidence.exported": ("evidencia exportada", "evidence exported"),
    "dead_letters.replayed": ("cartas muertas reenviadas", "dead letters replayed"),
    "retention.applied": ("retención de datos aplicada", "retention applied"),
    "task.closed": ("tarea cerrada", "task closed"),
    "portfolio.imported": ("cartera importada", "portfolio imported"),
    "console.login": ("entrada a la consola", "console login"),
    "console.login_failed": ("entrada fallida", "failed login"),
    "console.logout": ("salida de la consola", "console logout"),
    "personal_data.unmasked": ("datos personales vistos", "personal data unmasked"),
    "list.exported": ("lista exportada", "list exported"),
    "attempt.decided": ("resultado decidido", "outcome decided"),
}
