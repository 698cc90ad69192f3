//! From what a source found to a [`Topology`]: sets made disjoint, lists ordered, positions looked up.

use crate::CpuSet;
use crate::machine::{Source, Topology};
use crate::object::{Cache, Core, Location, NumaNode, Package, Pu};

/// What a source found, in any order.
pub(crate) struct Found {
    pub(crate) source: Source,
    pub(crate) online: CpuSet,
    /// `None` when unknown: then every online processor counts as usable.
    pub(crate) usable: Option<CpuSet>,
    pub(crate) quota: Option<f64>,
    pub(crate) packages: Vec<Package>,
    pub(crate) nodes: Vec<NumaNode>,
    pub(crate) llcs: Vec<Cache>,
    pub(crate) cores: Vec<Core>,
    /// The kinds of cores from the slowest to the fastest; none when all are alike or unknown.
    pub(crate) kinds: Vec<CpuSet>,
    pub(crate) notes: Vec<String>,
}

impl Found {
    /// Nothing known but which processors there are.
    pub(crate) fn new(source: Source, online: CpuSet) -> Self {
        Self {
            source,
            online,
            usable: None,
            quota: None,
            packages: Vec::new(),
            nodes: Vec::new(),
            llcs: Vec::new(),
            cores: Vec::new(),
            kinds: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Makes it a topology.
    pub(crate) fn assemble(mut self) -> Topology {
        self.make_disjoint();
        self.order();
        let mut machine = Topology {
            source: self.source,
            usable: self.usable(),
            online: self.online,
            quota: self.quota,
            packages: self.packages,
            nodes: self.nodes,
            llcs: self.llcs,
            cores: self.cores,
            pus: Vec::new(),
            notes: self.notes,
        };
        machine.locate();
        if self.kinds.len() > 1 {
            for core in &mut machine.cores {
                let first = core.cpus.first();
                let kind = self
                    .kinds
                    .iter()
                    .position(|cpus| first.is_some_and(|cpu| cpus.contains(cpu)));
                core.efficiency = kind.and_then(|at| u32::try_from(at).ok());
            }
        }
        machine
    }

    fn usable(&mut self) -> CpuSet {
        let Some(asked) = &self.usable else {
            return self.online.clone();
        };
        let usable = asked & &self.online;
        if !usable.is_empty() {
            return usable;
        }
        let named = crate::error::named(asked);
        self.notes.push(format!(
            "the processors that this process may use ({named}) are not among those online ({}); \
             all online ones count as usable",
            self.online
        ));
        self.online.clone()
    }

    /// Offline processors leave all sets, and a processor that two objects claim stays with the first.
    fn make_disjoint(&mut self) {
        let (online, notes) = (&self.online, &mut self.notes);
        let mut tidy = Tidy {
            online,
            notes,
            seen: CpuSet::new(),
        };
        self.packages.sort_by_key(|package| package.os_index);
        self.packages
            .retain_mut(|package| tidy.keep(&mut package.cpus, "packages", package.os_index));
        tidy.seen = CpuSet::new();
        self.nodes.sort_by_key(|node| node.os_index);
        for node in &mut self.nodes {
            tidy.keep(&mut node.cpus, "NUMA nodes", node.os_index);
        }
        tidy.seen = CpuSet::new();
        self.llcs.sort_by_key(|cache| cache.cpus.first());
        self.llcs.retain_mut(|cache| {
            tidy.keep(
                &mut cache.cpus,
                "last-level caches of level",
                cache.level as usize,
            )
        });
        tidy.seen = CpuSet::new();
        self.cores.sort_by_key(|core| core.cpus.first());
        self.cores
            .retain_mut(|core| tidy.keep(&mut core.cpus, "cores", core.os_id.unwrap_or(0)));
    }

    /// Packages, then caches, then cores by locality; nodes are ordered already.
    fn order(&mut self) {
        self.packages.sort_by_key(|package| package.cpus.first());
        let package = firsts(self.packages.iter().map(|package| &package.cpus));
        let node = firsts(self.nodes.iter().map(|node| &node.cpus));
        self.llcs.sort_by_cached_key(|cache| {
            let at = cache.cpus.first().unwrap_or(0);
            (of(&package, at), of(&node, at), at)
        });
        let llc = firsts(self.llcs.iter().map(|cache| &cache.cpus));
        self.cores.sort_by_cached_key(|core| {
            let at = core.cpus.first().unwrap_or(0);
            (of(&package, at), of(&node, at), of(&llc, at), at)
        });
    }
}

struct Tidy<'a> {
    online: &'a CpuSet,
    notes: &'a mut Vec<String>,
    seen: CpuSet,
}

impl Tidy<'_> {
    /// Keeps of a set what is online and not yet seen; `false` when nothing is left of it.
    fn keep(&mut self, cpus: &mut CpuSet, what: &str, number: usize) -> bool {
        let online = &*cpus & self.online;
        let twice = &online & &self.seen;
        if !twice.is_empty() {
            self.notes.push(format!(
                "the processors {twice} are in several {what} ({number} the last); \
                 the first keeps them"
            ));
        }
        *cpus = &online - &self.seen;
        self.seen = &self.seen | cpus;
        !cpus.is_empty()
    }
}

/// For every processor the first one of the set that it is in.
fn firsts<'a>(sets: impl Iterator<Item = &'a CpuSet>) -> Vec<Option<usize>> {
    table(sets.map(|cpus| (cpus, cpus.first().unwrap_or(0))))
}

/// For every processor the number that goes with the set that it is in.
fn table<'a>(sets: impl Iterator<Item = (&'a CpuSet, usize)>) -> Vec<Option<usize>> {
    let mut of = Vec::new();
    for (cpus, value) in sets {
        let length = cpus.last().map_or(0, |last| last + 1);
        of.resize(length.max(of.len()), None);
        for cpu in cpus {
            of[cpu] = Some(value);
        }
    }
    of
}

fn of(table: &[Option<usize>], cpu: usize) -> Option<usize> {
    table.get(cpu).copied().flatten()
}

/// For every processor the position of the set that it is in.
fn positions<'a>(sets: impl Iterator<Item = &'a CpuSet>) -> Vec<Option<usize>> {
    table(sets.enumerate().map(|(at, cpus)| (cpus, at)))
}

impl Topology {
    /// Fills in the hardware threads, and where the cores are.
    fn locate(&mut self) {
        let package = positions(self.packages.iter().map(|package| &package.cpus));
        let node = positions(self.nodes.iter().map(|node| &node.cpus));
        let llc = positions(self.llcs.iter().map(|cache| &cache.cpus));
        let core = positions(self.cores.iter().map(|core| &core.cpus));
        let place = |cpu| Location {
            package: of(&package, cpu),
            node: of(&node, cpu),
            llc: of(&llc, cpu),
        };
        for core in &mut self.cores {
            core.place = place(core.cpus.first().unwrap_or(0));
        }
        self.pus = self
            .online
            .iter()
            .map(|cpu| Pu {
                cpu,
                core: of(&core, cpu),
                place: place(cpu),
            })
            .collect();
    }
}
