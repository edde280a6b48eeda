"""What all results share."""

from typing import ClassVar


class MetricResult:
    """Base of results: frozen dataclasses whose ``float`` is their main number.

    Examples
    --------
    >>> from skgendisc.metrics import mode_coverage
    >>> result = mode_coverage([[0.1], [0.2], [5.0]], [[0.0], [1.0]], 0.1)
    >>> result.main, float(result)
    ('high_quality', 0.6666666666666666)
    """

    main: ClassVar[str]

    def __float__(self):
        return float(getattr(self, self.main))
