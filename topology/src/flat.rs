//! The flat topology: processor numbers from `core_affinity`, their count from `num_cpus`, no more.

use crate::CpuSet;
use crate::assemble::Found;
use crate::machine::{Source, Topology};

impl Topology {
    /// The machine as a bare list of processors, where nothing better can be had. Packages, nodes,
    /// caches and cores are unknown. Never fails.
    ///
    /// `num_cpus` counts with the control groups' quota, so a count below the number of processors
    /// is taken as the quota (it is rounded up: unlike sysfs, this source cannot tell 1.5 from 2).
    #[must_use]
    pub fn flat() -> Self {
        let count = num_cpus::get().clamp(1, CpuSet::LIMIT);
        let ids = core_affinity::get_core_ids().unwrap_or_default();
        let cpus: CpuSet = ids
            .iter()
            .map(|core| core.id)
            .filter(|id| *id < CpuSet::LIMIT)
            .collect();
        flat_of(cpus, count)
    }
}

/// The flat topology of these processors, or of the first `count` if there are none.
fn flat_of(cpus: CpuSet, count: usize) -> Topology {
    let known = !cpus.is_empty();
    let online = if known { cpus } else { (0..count).collect() };
    let mut found = Found::new(Source::Flat, online);
    if !known {
        found.notes.push(format!(
            "the processors' numbers are unknown; they are taken as 0-{}",
            count - 1
        ));
    } else if count < found.online.len() {
        #[allow(clippy::cast_precision_loss)]
        let quota = count as f64;
        found.quota = Some(quota);
    }
    found
        .notes
        .push("packages, NUMA nodes, caches and cores are unknown to this source".into());
    found.assemble()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_unknown() {
        let machine = flat_of(CpuSet::new(), 4);
        assert_eq!(machine.usable().to_string(), "0-3");
        assert_eq!(machine.cpu_quota(), None);
        assert!(
            machine.notes()[0].contains("taken as 0-3"),
            "{:?}",
            machine.notes()
        );
    }

    #[test]
    fn a_smaller_count_is_a_quota() {
        let machine = flat_of((4..12).collect(), 3);
        assert_eq!((machine.num_procs(), machine.default_threads()), (8, 3));
        assert_eq!(machine.online().to_string(), "4-11");
        assert!(
            machine.cores().is_empty() && machine.nodes().is_empty() && machine.llcs().is_empty()
        );
        assert_eq!(machine.node_of_cpu(4), None);
    }
}
