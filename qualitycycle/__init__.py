"""qualitycycle: the program with which a Dutch school runs its quality cycle."""

__version__ = "0.1.0"
