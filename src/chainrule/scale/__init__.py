"""Beyond one machine: training and searching on a Dask cluster that may lose workers on the way."""

from chainrule.scale.cluster import cluster
from chainrule.scale.cluster_fit import fit
from chainrule.scale.halving_search import HalvingSearch
from chainrule.scale.large_batch import large_batch

__all__ = ["HalvingSearch", "cluster", "fit", "large_batch"]
