"""What distributors offer: which images, where they publish them, and which one is the newest.

`all` and `find` read the catalogue (ours, and those that the settings name); `resolve` asks the distributor."""

from innkeeper.image.offers.catalogue import all, find
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Release
from innkeeper.image.offers.resolving import newer, resolve

__all__ = ["Offer", "Release", "all", "find", "newer", "resolve"]
