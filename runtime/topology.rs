//! The machine as this process sees it, discovered once.

use phalanx_topology::Topology;
use std::sync::OnceLock;

/// The machine: discovered at the first use, and not again.
pub fn topology() -> &'static Topology {
    static MACHINE: OnceLock<Topology> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let machine = Topology::discover();
        for note in machine.notes() {
            if std::env::var_os("PHALANX_TOPOLOGY_NOTES").is_some() {
                crate::icv::say(&format!("phalanx: topology: {note}"));
            }
        }
        machine
    })
}

/// The processor that the calling thread runs on now.
pub(crate) fn current_cpu() -> Option<usize> {
    // (Miri has no such call.)
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        // SAFETY: takes no pointer; the answer may be out of date at once, which is all it promises.
        usize::try_from(unsafe { libc::sched_getcpu() }).ok()
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    None
}

/// The NUMA node (by its number in the operating system) that the calling thread runs on now.
pub(crate) fn current_node() -> Option<usize> {
    topology().node_of_cpu(current_cpu()?).map(|n| n.os_index())
}
