"""`puntual topics`: the topics of the product on a Kafka."""

from typing import Annotated

import typer

from services.kafka_options import librdkafka_options
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.topics import TopicsProblem, create_topics, wanted_topics
from services.yaml_document import DocumentProblem

app = typer.Typer(help="The topics of the product.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The topics of the product."""


@app.command()
def create(
    replication: Annotated[
        int, typer.Option(min=-1, help="Copies of each partition; -1 leaves it to the brokers.")
    ] = -1,
) -> None:
    """Create the topics of deploy/topics.yaml that do not exist yet, dead letters included."""
    try:
        settings = Settings.load()
        bootstrap = _bootstrap(settings)
        states = create_topics(
            librdkafka_options(settings, bootstrap), wanted_topics(settings), replication=replication
        )
    except (SettingsProblem, TopicsProblem, DocumentProblem) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for name, state in states.items():
        typer.echo(f"{state:<8} {name}")


def _bootstrap(settings: Settings) -> str:
    if settings.kafka_bootstrap_servers is None:
        raise TopicsProblem(
            "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS is not set: the embedded broker lives inside `puntual serve`,"
            " which makes its topics itself"
        )
    return settings.kafka_bootstrap_servers
