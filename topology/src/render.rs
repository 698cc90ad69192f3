//! A [`Topology`] as a text tree that reads at a glance.

use crate::CpuSet;
use crate::machine::Topology;
use crate::object::{Cache, Core, NumaNode, Package};
use std::fmt::{self, Formatter, Result};

/// Machines with more cores than this get one line for the cores of a cache, not one for each.
const CORES_APART: usize = 32;

impl fmt::Display for Topology {
    /// A tree of packages, nodes, last-level caches, cores and hardware threads; what this process
    /// may not use is marked. Levels that are unknown are left out, and the notes stand at the end.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.headline(f)?;
        let mut rest = self.online.clone();
        for package in &self.packages {
            self.package(f, package)?;
            rest = &rest - &package.cpus;
        }
        if !rest.is_empty() {
            self.nodes_of(f, &rest, 0)?;
        }
        for node in self.nodes.iter().filter(|node| node.cpus.is_empty()) {
            self.node(f, node, 0)?;
        }
        self.distances(f)?;
        self.notes
            .iter()
            .try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

impl Topology {
    fn headline(&self, f: &mut Formatter<'_>) -> Result {
        let (usable, online) = (self.usable.len(), self.online.len());
        write!(
            f,
            "{usable} of {} usable",
            plural(online, "hardware thread")
        )?;
        for (count, what) in [
            (self.cores.len(), "core"),
            (self.llcs.len(), "last-level cache"),
            (self.nodes.len(), "NUMA node"),
            (self.packages.len(), "package"),
        ] {
            if count > 0 {
                write!(f, ", {}", plural(count, what))?;
            }
        }
        if let Some(quota) = self.quota {
            write!(f, ", quota of {quota} processors")?;
        }
        writeln!(f, " ({})", self.source)
    }

    fn package(&self, f: &mut Formatter<'_>, package: &Package) -> Result {
        writeln!(
            f,
            "package {}{}",
            package.os_index,
            self.mark(&package.cpus)
        )?;
        self.nodes_of(f, &package.cpus, 1)
    }

    fn nodes_of(&self, f: &mut Formatter<'_>, cpus: &CpuSet, depth: usize) -> Result {
        let mut rest = cpus.clone();
        for node in self.nodes.iter().filter(|node| node.cpus.intersects(cpus)) {
            self.node(f, node, depth)?;
            self.caches_of(f, &(&node.cpus & cpus), depth + 1)?;
            rest = &rest - &node.cpus;
        }
        self.caches_of(f, &rest, depth)
    }

    fn node(&self, f: &mut Formatter<'_>, node: &NumaNode, depth: usize) -> Result {
        indent(f, depth)?;
        write!(f, "node {}", node.os_index)?;
        match node.memory {
            None => write!(f, "  memory unknown")?,
            Some(0) => write!(f, "  no memory")?,
            Some(bytes) => write!(f, "  {}", size(bytes))?,
        }
        if node.cpus.is_empty() {
            write!(f, "  no processors")?;
        }
        writeln!(
            f,
            "{}",
            if node.allowed {
                ""
            } else {
                "  (memory not allowed)"
            }
        )
    }

    fn caches_of(&self, f: &mut Formatter<'_>, cpus: &CpuSet, depth: usize) -> Result {
        let mut rest = cpus.clone();
        for cache in self.llcs.iter().filter(|cache| cache.cpus.intersects(cpus)) {
            self.cache(f, cache, depth)?;
            self.cores_of(f, &(&cache.cpus & cpus), depth + 1)?;
            rest = &rest - &cache.cpus;
        }
        self.cores_of(f, &rest, depth)
    }

    fn cache(&self, f: &mut Formatter<'_>, cache: &Cache, depth: usize) -> Result {
        indent(f, depth)?;
        let size = cache
            .size
            .map_or(String::new(), |bytes| format!(" {}", size(bytes)));
        writeln!(f, "L{}{size}{}", cache.level, self.mark(&cache.cpus))
    }

    fn cores_of(&self, f: &mut Formatter<'_>, cpus: &CpuSet, depth: usize) -> Result {
        let of_these = |core: &&Core| core.cpus.intersects(cpus);
        let cores: Vec<&Core> = self.cores.iter().filter(of_these).collect();
        if self.cores.len() > CORES_APART && !cores.is_empty() {
            indent(f, depth)?;
            let count = plural(cores.len(), "core");
            return writeln!(f, "{count}  threads {cpus}{}", self.mark(cpus));
        }
        let mut rest = cpus.clone();
        for core in cores {
            self.core(f, core, depth)?;
            rest = &rest - &core.cpus;
        }
        if rest.is_empty() {
            return Ok(());
        }
        indent(f, depth)?;
        writeln!(f, "{}{}", threads(&rest), self.mark(&rest))
    }

    fn core(&self, f: &mut Formatter<'_>, core: &Core, depth: usize) -> Result {
        indent(f, depth)?;
        write!(f, "core")?;
        if let Some(id) = core.os_id {
            write!(f, " {id}")?;
        }
        write!(f, "  {}", threads(&core.cpus))?;
        if let Some(class) = core.efficiency {
            write!(f, "  class {class}")?;
        }
        writeln!(f, "{}", self.mark(&core.cpus))
    }

    /// What of these processors may not be used.
    fn mark(&self, cpus: &CpuSet) -> String {
        let lost = cpus - &self.usable;
        if lost.is_empty() {
            String::new()
        } else if lost == *cpus {
            "  (not usable)".into()
        } else {
            format!("  (not usable: {lost})")
        }
    }

    fn distances(&self, f: &mut Formatter<'_>) -> Result {
        if self.nodes.len() < 2 || self.nodes.iter().any(|node| node.distances.is_empty()) {
            return Ok(());
        }
        write!(f, "distances")?;
        self.nodes
            .iter()
            .try_for_each(|node| write!(f, "{:>5}", node.os_index))?;
        writeln!(f)?;
        for node in &self.nodes {
            write!(f, "{:>9}", node.os_index)?;
            node.distances
                .iter()
                .try_for_each(|distance| write!(f, "{distance:>5}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

fn indent(f: &mut Formatter<'_>, depth: usize) -> Result {
    write!(f, "{:width$}", "", width = 2 * depth)
}

fn threads(cpus: &CpuSet) -> String {
    format!("thread{} {cpus}", if cpus.len() == 1 { "" } else { "s" })
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Bytes in the largest binary unit that gives 1 or more.
#[allow(clippy::cast_precision_loss)]
fn size(bytes: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut unit = 0;
    let mut value = bytes as f64;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    let digits = usize::from(value.fract() != 0.0 && unit > 0);
    format!("{value:.digits$} {}", units[unit])
}
