//! Files that say something senseless: a note that names the file and its content, never a panic.
#![allow(missing_docs)]

mod common;
use common::{CPU, NODE, Tree, set, smt};
use phalanx_topology::{Topology, TopologyError};
use proptest::prelude::*;

/// The one note about this file.
fn note<'a>(machine: &'a Topology, file: &str) -> &'a str {
    let about: Vec<&String> = machine
        .notes()
        .iter()
        .filter(|note| note.contains(file))
        .collect();
    assert_eq!(about.len(), 1, "{:#?}", machine.notes());
    about[0]
}

#[test]
fn no_tree_at_all() {
    let tree = Tree::empty();
    let error = Topology::from_sysfs_at(tree.root()).unwrap_err();
    assert!(matches!(&error, TopologyError::Read { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("sys/devices/system/cpu`: No such file"),
        "{error}"
    );
    tree.file(&format!("{CPU}/online"), "all of them");
    let error = Topology::from_sysfs_at(tree.root()).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, TopologyError::Malformed { .. }), "{text}");
    assert!(
        text.contains("holds `all of them`: neither a list of online processors nor"),
        "{text}"
    );
}

#[test]
fn a_senseless_list_of_online_processors() {
    let tree = smt().tree();
    tree.file(&format!("{CPU}/online"), "0-99999999999");
    let machine = tree.topology();
    assert_eq!(machine.online(), &set("0-7"));
    let text = note(&machine, "cpu/online");
    assert!(
        text.contains("`0-99999999999`") && text.contains("character 3"),
        "{text}"
    );
}

#[test]
fn numbers_and_sizes() {
    let tree = smt().tree();
    tree.file(&format!("{CPU}/cpu0/topology/core_id"), "zero");
    tree.file(&format!("{CPU}/cpu0/topology/physical_package_id"), "-1");
    tree.file(&format!("{CPU}/cpu1/cpu_capacity"), "99999999999");
    tree.file(&format!("{CPU}/cpu2/cache/index3/size"), "16X");
    tree.file(&format!("{CPU}/cpu0/cache/index3/level"), "three");
    let machine = tree.topology();
    assert_eq!(machine.cores()[0].os_id(), None);
    assert!(
        note(&machine, "core_id")
            .contains("holds `zero`, which is left out: expected a core number")
    );
    assert_eq!(
        machine.package_of_cpu(0).unwrap().os_index(),
        0,
        "told by the package's other processors"
    );
    note(&machine, "cpu_capacity");
    assert_eq!(machine.llc_of_cpu(2).unwrap().size(), None);
    assert!(note(&machine, "index3/size").contains("expected a size such as 512K"));
    assert_eq!(
        machine.llc_of_cpu(0).unwrap().level(),
        2,
        "the highest level that can be read"
    );
    note(&machine, "index3/level");
}

#[test]
fn nodes() {
    let tree = smt().tree();
    tree.file(&format!("{NODE}/node0/distance"), "10");
    tree.file(&format!("{NODE}/node1/distance"), "21 ten");
    tree.file(&format!("{NODE}/node0/meminfo"), "Node 0 MemTotal: lots kB");
    tree.remove(&format!("{NODE}/node1/cpulist"));
    let machine = tree.topology();
    assert_eq!(
        (machine.distance(0, 0), machine.distance(1, 0)),
        (None, None)
    );
    assert!(note(&machine, "node0/distance").contains("expected 2 distances"));
    assert_eq!(machine.nodes()[0].memory(), None);
    note(&machine, "node0/meminfo");
    assert!(machine.nodes()[1].cpus().is_empty() && machine.node_of_cpu(2).is_none());
    assert!(
        machine
            .notes()
            .iter()
            .any(|note| note.starts_with("the processors of NUMA node 1 are unknown"))
    );
}

#[test]
fn lists_that_disagree() {
    let tree = smt().tree();
    // Processor 2 claims a cache with 1, which is in another already.
    tree.file(
        &format!("{CPU}/cpu2/cache/index3/shared_cpu_list"),
        "1-3,6-7",
    );
    // Processor 0 is not in its own core's list.
    tree.file(&format!("{CPU}/cpu0/topology/core_cpus_list"), "4");
    // Both nodes claim 5.
    tree.file(&format!("{NODE}/node1/cpulist"), "2-3,5-7");
    let machine = tree.topology();
    let llcs: Vec<String> = machine
        .llcs()
        .iter()
        .map(|cache| cache.cpus().to_string())
        .collect();
    assert_eq!(llcs, ["0-1,4-5", "2-3,6-7"]);
    assert!(
        note(&machine, "cpu0/topology")
            .contains("processor 0 is not in its own list; it is taken as alone")
    );
    assert_eq!(machine.core_of_cpu(0).unwrap().cpus(), &set("0"));
    assert_eq!(machine.node_of_cpu(5).unwrap().os_index(), 0);
    for text in [
        "the processors 1 are in several last-level caches",
        "the processors 5 are in several NUMA nodes",
    ] {
        assert!(
            machine.notes().iter().any(|note| note.starts_with(text)),
            "{:#?}",
            machine.notes()
        );
    }
}

#[test]
fn masks() {
    let tree = smt().tree();
    tree.file(
        "proc/self/status",
        "Cpus_allowed_list:\t8-9\nMems_allowed_list:\tall",
    );
    let machine = tree.topology();
    assert_eq!(machine.usable(), &set("0-7"));
    assert!(
        machine
            .notes()
            .iter()
            .any(|note| note.contains("(8-9) are not among those online (0-7)"))
    );
    assert!(note(&machine, "proc/self/status").contains("all"));
    assert!(machine.nodes().iter().all(|node| node.is_allowed()));
}

#[test]
fn a_folder_where_a_file_should_be() {
    let tree = smt().tree();
    tree.remove(&format!("{CPU}/cpu0/topology/core_id"))
        .file(&format!("{CPU}/cpu0/topology/core_id/x"), "");
    assert!(note(&tree.topology(), "core_id").contains("cannot be read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Any file replaced by anything: there is a topology, or an error, and what it lists fits together.
    #[test]
    fn any_damage(
        damage in prop::collection::vec((any::<prop::sample::Index>(), "[-0-9, \n]{0,8}|[a-zK:/.]{0,6}|.{0,6}"), 1..6),
        lost in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let tree = smt().tree();
        tree.allow("0-7", "0-1").file("proc/self/cgroup", "0::/a").file("sys/fs/cgroup/a/cpu.max", "150000 100000");
        tree.file("sys/fs/cgroup/cgroup.controllers", "cpu").file("sys/fs/cgroup/a/cpuset.cpus.effective", "0-5");
        let files = tree.files();
        for (file, content) in &damage {
            std::fs::write(file.get(&files), content).unwrap();
        }
        for file in &lost {
            let _ = std::fs::remove_file(file.get(&files));
        }
        let Ok(machine) = Topology::from_sysfs_at(tree.root()) else { return Ok(()) };
        prop_assert!(!machine.usable().is_empty() && machine.usable().is_subset(machine.online()));
        prop_assert_eq!(machine.pus().len(), machine.online().len());
        for core in machine.cores() {
            prop_assert!(!core.cpus().is_empty() && core.cpus().is_subset(machine.online()));
            for cpu in core.cpus() {
                prop_assert_eq!(machine.core_of_cpu(cpu).unwrap().cpus(), core.cpus());
            }
        }
        prop_assert!(machine.default_threads() >= 1 && machine.default_threads() <= machine.num_procs());
        let _ = machine.to_string();
    }
}
