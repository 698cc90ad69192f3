//! The parts of a machine: packages, NUMA nodes, caches, cores and hardware threads.

use crate::CpuSet;
#[cfg(doc)]
use crate::Topology;

/// A physical package (a socket).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub(crate) os_index: usize,
    pub(crate) cpus: CpuSet,
}

impl Package {
    /// Its number in the operating system.
    #[must_use]
    pub fn os_index(&self) -> usize {
        self.os_index
    }

    /// Its online hardware threads.
    #[must_use]
    pub fn cpus(&self) -> &CpuSet {
        &self.cpus
    }
}

/// A NUMA node: memory, and the processors that it is local to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumaNode {
    pub(crate) os_index: usize,
    pub(crate) cpus: CpuSet,
    pub(crate) memory: Option<u64>,
    pub(crate) distances: Vec<u32>,
    pub(crate) allowed: bool,
}

impl NumaNode {
    /// Its number in the operating system; numbers may have gaps.
    #[must_use]
    pub fn os_index(&self) -> usize {
        self.os_index
    }

    /// Its online hardware threads; none for memory that hangs on no processor (CXL, HBM).
    #[must_use]
    pub fn cpus(&self) -> &CpuSet {
        &self.cpus
    }

    /// Its memory in bytes: `Some(0)` for a node without memory, `None` when unknown.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// The distances to all nodes in the order of [`Topology::nodes`], 10 being local (ACPI SLIT);
    /// empty when unknown.
    #[must_use]
    pub fn distances(&self) -> &[u32] {
        &self.distances
    }

    /// Whether this process may have memory on it (`Mems_allowed`, cgroup `cpuset.mems`).
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }
}

/// A last-level cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    pub(crate) level: u32,
    pub(crate) size: Option<u64>,
    pub(crate) cpus: CpuSet,
}

impl Cache {
    /// Its level: 3 for an L3. Not every processor need have the same one.
    #[must_use]
    pub fn level(&self) -> u32 {
        self.level
    }

    /// Its size in bytes, where known.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The online hardware threads that share it.
    #[must_use]
    pub fn cpus(&self) -> &CpuSet {
        &self.cpus
    }
}

/// A core: the hardware threads that share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Core {
    pub(crate) os_id: Option<usize>,
    pub(crate) cpus: CpuSet,
    pub(crate) capacity: Option<u32>,
    pub(crate) efficiency: Option<u32>,
    pub(crate) place: Location,
}

/// Where something sits, as positions in the lists of a [`Topology`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) package: Option<usize>,
    pub(crate) node: Option<usize>,
    pub(crate) llc: Option<usize>,
}

impl Core {
    /// Its number in the operating system: unique in a package at most, and with gaps.
    #[must_use]
    pub fn os_id(&self) -> Option<usize> {
        self.os_id
    }

    /// Its online hardware threads.
    #[must_use]
    pub fn cpus(&self) -> &CpuSet {
        &self.cpus
    }

    /// The position of its package in [`Topology::packages`].
    #[must_use]
    pub fn package(&self) -> Option<usize> {
        self.place.package
    }

    /// The position of its NUMA node in [`Topology::nodes`].
    #[must_use]
    pub fn node(&self) -> Option<usize> {
        self.place.node
    }

    /// The position of its last-level cache in [`Topology::llcs`].
    #[must_use]
    pub fn llc(&self) -> Option<usize> {
        self.place.llc
    }

    /// Its computing capacity as the kernel rates it, 1024 for the machine's fastest (`cpu_capacity`).
    #[must_use]
    pub fn capacity(&self) -> Option<u32> {
        self.capacity
    }

    /// Its kind, on a machine whose cores are of several: 0 is the slowest and most frugal, larger
    /// is faster (hwloc: efficiency of a CPU kind). `None` when all are alike, or it is unknown.
    #[must_use]
    pub fn efficiency_class(&self) -> Option<u32> {
        self.efficiency
    }
}

/// A hardware thread (hwloc: PU): what the operating system schedules on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pu {
    pub(crate) cpu: usize,
    pub(crate) core: Option<usize>,
    pub(crate) place: Location,
}

impl Pu {
    /// Its number in the operating system.
    #[must_use]
    pub fn cpu(&self) -> usize {
        self.cpu
    }

    /// The position of its core in [`Topology::cores`].
    #[must_use]
    pub fn core(&self) -> Option<usize> {
        self.core
    }

    /// The position of its package in [`Topology::packages`].
    #[must_use]
    pub fn package(&self) -> Option<usize> {
        self.place.package
    }

    /// The position of its NUMA node in [`Topology::nodes`].
    #[must_use]
    pub fn node(&self) -> Option<usize> {
        self.place.node
    }

    /// The position of its last-level cache in [`Topology::llcs`].
    #[must_use]
    pub fn llc(&self) -> Option<usize> {
        self.place.llc
    }
}
