"""Which Fineract releases write which schema: CRC-64-AVRO fingerprints in wire order, by record name."""

FINGERPRINTS: dict[str, dict[str, str]] = {
    "MessageV1": {
        "1fd07bcc226c7826": "1.9.0..1.10",
        "c11abf2966626748": "1.11..develop-2026-06",
    },
    "BulkMessageItemV1": {
        "ad7fee7b9ca5e780": "1.9.0..1.10",
        "c483a9e738c3a467": "1.11..develop-2026-06",
    },
    "BulkMessagePayloadV1": {
        "c4defed1e3cc0ac9": "1.9.0..1.10",
        "7687991b5b8764f2": "1.11..develop-2026-06",
    },
    "LoanRepaymentDueDataV1": {
        "bf2f3c7646a04805": "1.9.0..1.11",
        "39bc2cb9ea368585": "1.12.1..1.14.0",
        "bdec7be9373de9bf": "develop-2026-06",
    },
    "LoanAccountDelinquencyRangeDataV1": {
        "5f5e6fa4d265a58c": "1.9.0",
        "2c0e6cb20acf624e": "1.10..1.11",
        "70370a8b89db582d": "1.12.1..1.14.0",
        "e53d429f500d4aa8": "develop-2026-06",
    },
    "LoanTransactionDataV1": {
        "4c3cc1b621591623": "1.9.0..1.11",
        "56977fe509c8b692": "1.12.1",
        "438d18839d6f1df3": "1.13.0..1.14.0",
        "746058b910465c59": "develop-2026-06",
    },
    "LoanTransactionAdjustmentDataV1": {
        "5361430f984ea611": "1.9.0..1.11",
        "18ecd24debd7825a": "1.12.1",
        "5b594f05b801f4f8": "1.13.0..1.14.0",
        "7c486614a5583b2f": "develop-2026-06",
    },
    "LoanAccountDataV1": {
        "693c815c46ff3580": "1.9.0",
        "3864f8b965a46435": "1.10",
        "c10ee37e28cf760a": "1.11",
        "f01426e58b1319ca": "1.12.1",
        "2789bead0de88832": "1.13.0..1.14.0",
        "79a43b973a841181": "develop-2026-06",
    },
    "ClientDataV1": {
        "568dc616a866b865": "1.9.0..develop-2026-06",
    },
}
_RECORD_OF = {fingerprint: record for record, known in FINGERPRINTS.items() for fingerprint in known}

UNKNOWN_RELEASE = "unknown"


def release_of(record: str, fingerprint: str) -> str:
    """The releases that write this record with this fingerprint, UNKNOWN_RELEASE where none is known to."""
    return FINGERPRINTS.get(record, {}).get(fingerprint, UNKNOWN_RELEASE)


def record_of(fingerprint: str) -> str | None:
    """The record that a known fingerprint belongs to."""
    return _RECORD_OF.get(fingerprint)
