//! The machine as a whole, and what this process may use of it.

use crate::CpuSet;
use crate::object::{Cache, Core, NumaNode, Package, Pu};
use std::fmt;

/// Where a [`Topology`] came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Linux: `/sys`, `/proc` and the control groups, of this machine or of a captured tree.
    Sysfs,
    /// libhwloc, of this machine.
    Hwloc,
    /// libhwloc, from its XML: another machine, usually.
    HwlocXml,
    /// libhwloc, from a synthetic description: no machine at all.
    HwlocSynthetic,
    /// The processor numbers alone; nothing is known of packages, nodes, caches and cores.
    Flat,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sysfs => "sysfs",
            Self::Hwloc => "hwloc",
            Self::HwlocXml => "hwloc XML",
            Self::HwlocSynthetic => "hwloc synthetic",
            Self::Flat => "processor numbers alone",
        })
    }
}

/// The machine as it was when asked, and what this process may use of it.
///
/// - The lists hold **everything online that is visible**, also what this process may not use;
///   [`usable`](Topology::usable) and [`NumaNode::is_allowed`] mark what it may. Offline processors
///   are in no set.
/// - What a source cannot know is `None` or missing from a list, never guessed; what had to be
///   skipped is told in [`notes`](Topology::notes).
/// - Each processor is in at most one package, node, last-level cache and core.
/// - Packages, caches and cores are ordered by locality (hwloc: logical order): neighbours in a list
///   share as much as they can. Nodes and hardware threads are ordered by number.
#[derive(Clone, Debug, PartialEq)]
pub struct Topology {
    pub(crate) source: Source,
    pub(crate) online: CpuSet,
    pub(crate) usable: CpuSet,
    pub(crate) quota: Option<f64>,
    pub(crate) packages: Vec<Package>,
    pub(crate) nodes: Vec<NumaNode>,
    pub(crate) llcs: Vec<Cache>,
    pub(crate) cores: Vec<Core>,
    pub(crate) pus: Vec<Pu>,
    pub(crate) notes: Vec<String>,
}

impl Topology {
    /// The packages, in order of locality; empty when unknown.
    #[must_use]
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The NUMA nodes by number, those without processors or without memory too; empty when unknown.
    #[must_use]
    pub fn nodes(&self) -> &[NumaNode] {
        &self.nodes
    }

    /// The last-level caches, in order of locality; empty when unknown.
    #[must_use]
    pub fn llcs(&self) -> &[Cache] {
        &self.llcs
    }

    /// The cores, in order of locality; empty when unknown.
    #[must_use]
    pub fn cores(&self) -> &[Core] {
        &self.cores
    }

    /// The online hardware threads by number.
    #[must_use]
    pub fn pus(&self) -> &[Pu] {
        &self.pus
    }

    /// All online hardware threads of the machine.
    #[must_use]
    pub fn online(&self) -> &CpuSet {
        &self.online
    }

    /// The hardware threads that this process may use: online, in the affinity mask of the thread
    /// that asked, and in the control group's cpuset. Never empty.
    #[must_use]
    pub fn usable(&self) -> &CpuSet {
        &self.usable
    }

    /// The processor time that the control groups allow, in processors' worth (1.5 is three
    /// processors half the time): the least along the hierarchy (`cpu.max`, `cpu.cfs_quota_us`).
    /// `None` without a limit, or when unknown.
    #[must_use]
    pub fn cpu_quota(&self) -> Option<f64> {
        self.quota
    }

    /// How many processors this process may use, at least 1 (OpenMP 6.0, "omp_get_num_procs
    /// Routine").
    #[must_use]
    pub fn num_procs(&self) -> usize {
        self.usable.len().max(1)
    }

    /// How many threads a team has unless told: [`num_procs`](Self::num_procs), and not more than
    /// the [quota](Self::cpu_quota) rounded down; at least 1.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn default_threads(&self) -> usize {
        // A float becomes an integer by saturation: a negative or absurd quota stays in range.
        let quota = self
            .quota
            .map_or(usize::MAX, |quota| quota.floor() as usize);
        self.num_procs().min(quota).max(1)
    }

    /// The NUMA nodes that this process may have memory on.
    pub fn allowed_nodes(&self) -> impl Iterator<Item = &NumaNode> {
        self.nodes.iter().filter(|node| node.allowed)
    }

    /// The cores of which this process may use some hardware thread.
    pub fn usable_cores(&self) -> impl Iterator<Item = &Core> {
        self.cores
            .iter()
            .filter(|core| core.cpus.intersects(&self.usable))
    }

    /// The NUMA nodes of which this process may use some hardware thread.
    pub fn usable_nodes(&self) -> impl Iterator<Item = &NumaNode> {
        self.nodes
            .iter()
            .filter(|node| node.cpus.intersects(&self.usable))
    }

    /// The distance between two nodes, by their numbers in the operating system: 10 is local, 20 is
    /// twice as slow (ACPI SLIT). `None` when a node or the distance is unknown.
    #[must_use]
    pub fn distance(&self, from: usize, to: usize) -> Option<u32> {
        let position = |node| self.nodes.binary_search_by_key(&node, |n| n.os_index).ok();
        self.nodes[position(from)?]
            .distances
            .get(position(to)?)
            .copied()
    }

    /// Where the description came from.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// What could not be learned, and what had to be skipped, a sentence each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The hardware thread with this number; `None` when it is not online.
    #[must_use]
    pub fn pu(&self, cpu: usize) -> Option<&Pu> {
        self.pus
            .binary_search_by_key(&cpu, |pu| pu.cpu)
            .ok()
            .map(|at| &self.pus[at])
    }

    /// The core of a hardware thread.
    #[must_use]
    pub fn core_of_cpu(&self, cpu: usize) -> Option<&Core> {
        Some(&self.cores[self.pu(cpu)?.core?])
    }

    /// The last-level cache of a hardware thread.
    #[must_use]
    pub fn llc_of_cpu(&self, cpu: usize) -> Option<&Cache> {
        Some(&self.llcs[self.pu(cpu)?.place.llc?])
    }

    /// The NUMA node of a hardware thread.
    #[must_use]
    pub fn node_of_cpu(&self, cpu: usize) -> Option<&NumaNode> {
        Some(&self.nodes[self.pu(cpu)?.place.node?])
    }

    /// The package of a hardware thread.
    #[must_use]
    pub fn package_of_cpu(&self, cpu: usize) -> Option<&Package> {
        Some(&self.packages[self.pu(cpu)?.place.package?])
    }

    /// The same machine for a process that may use only these processors of those usable now, as
    /// after `taskset`. A set without a usable processor changes nothing but adds a note.
    #[must_use]
    pub fn restricted_to(mut self, cpus: &CpuSet) -> Self {
        let left = &self.usable & cpus;
        if left.is_empty() {
            let (asked, usable) = (crate::error::named(cpus), &self.usable);
            self.notes.push(format!(
                "none of the processors {asked} can be used; usable stay {usable}"
            ));
        } else {
            self.usable = left;
        }
        self
    }

    /// The machine that this process runs on. Never fails: what could not be learned is told in
    /// [`notes`](Topology::notes).
    ///
    /// On Linux this reads `/sys`, whatever features are on; elsewhere, and where `/sys` cannot be
    /// read, it is [flat](Topology::flat). The affinity mask is the calling thread's: ask before
    /// binding threads.
    #[must_use]
    pub fn discover() -> Self {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        match Self::from_sysfs() {
            Ok(machine) => machine,
            Err(error) => {
                let mut machine = Self::flat();
                machine.notes.insert(
                    0,
                    format!("{error}; packages, nodes, caches and cores are unknown"),
                );
                machine
            }
        }
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        Self::flat()
    }
}
