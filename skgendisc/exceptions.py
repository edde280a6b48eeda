"""What this package raises beyond the built-in exceptions and scikit-learn's."""


class NotEnoughRowsError(ValueError):
    """A class has too few rows, or too little weight, for the model asked for."""


class UnavailableMethodError(AttributeError, ValueError):
    """The estimator's parameters rule this method out."""


class TrainingWarning(UserWarning):
    """Training went less well than asked for; what was learned is kept."""
