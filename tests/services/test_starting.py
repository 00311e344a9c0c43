"""Starting beside neighbours that start too."""

from aiokafka.errors import KafkaConnectionError

from services.starting import started


class Once:
    """A client of Kafka's kind: started once, well or not, it can't be started again."""

    made = 0

    def __init__(self) -> None:
        Once.made += 1
        self.number = Once.made
        self.tried = self.stopped = False

    async def start(self) -> None:
        assert not self.tried
        self.tried = True
        if self.number == 1:
            raise KafkaConnectionError("not yet")

    async def stop(self) -> None:
        self.stopped = True


async def test_a_client_that_could_not_start_is_let_go_and_made_anew() -> None:
    made: list[Once] = []

    def make() -> Once:
        made.append(Once())
        return made[-1]

    client = await started(make)
    assert client is made[1]
    assert [each.stopped for each in made] == [True, False]
