//! Machines as Linux describes them, from small trees: shapes that real machines have.
#![allow(missing_docs)]

mod common;
use common::{CPU, GIB, Machine, NODE, Tree, set, smt};
use phalanx_topology::{Core, Source, Topology};

fn cores(machine: &Topology) -> Vec<String> {
    machine
        .cores()
        .iter()
        .map(|core| core.cpus().to_string())
        .collect()
}

fn no_notes(machine: &Topology) {
    assert!(machine.notes().is_empty(), "{:#?}", machine.notes());
}

#[test]
fn a_captured_virtual_machine() {
    let tree = Tree::captured(include_str!("trees/vm-2.txt"));
    let machine = tree.topology();
    no_notes(&machine);
    assert_eq!(
        (machine.source(), machine.num_procs(), machine.cpu_quota()),
        (Source::Sysfs, 2, None)
    );
    assert_eq!(cores(&machine), ["0", "1"]);
    assert_eq!(machine.cores()[1].capacity(), Some(1024));
    assert_eq!(
        machine.cores()[1].efficiency_class(),
        None,
        "all cores are alike"
    );
    let cache = machine.llc_of_cpu(1).unwrap();
    assert_eq!(
        (cache.level(), cache.size(), cache.cpus()),
        (3, Some(32 << 20), &set("0-1"))
    );
    let node = machine.node_of_cpu(0).unwrap();
    assert_eq!(
        (node.os_index(), node.memory(), node.distances()),
        (0, Some(4_679_892 << 10), &[10][..])
    );
    assert!(node.is_allowed());
}

#[test]
fn two_packages_with_smt() {
    let tree = smt().tree();
    tree.allow("0-7", "0-1");
    let machine = tree.topology();
    no_notes(&machine);
    assert_eq!(cores(&machine), ["0,4", "1,5", "2,6", "3,7"]);
    assert_eq!(machine.packages()[1].cpus(), &set("2-3,6-7"));
    let core = &machine.cores()[2];
    assert_eq!(
        (core.os_id(), core.package(), core.node(), core.llc()),
        (Some(2), Some(1), Some(1), Some(1))
    );
    assert_eq!(machine.core_of_cpu(7).map(Core::cpus), Some(&set("3,7")));
    assert_eq!(machine.package_of_cpu(4).unwrap().os_index(), 0);
    assert_eq!(
        (
            machine.distance(0, 1),
            machine.distance(1, 1),
            machine.distance(0, 2)
        ),
        (Some(21), Some(10), None)
    );
    let pu = machine.pu(6).unwrap();
    assert_eq!(
        (pu.cpu(), pu.core(), pu.package(), pu.node(), pu.llc()),
        (6, Some(2), Some(1), Some(1), Some(1))
    );
    assert!(machine.pu(8).is_none() && machine.core_of_cpu(8).is_none());
}

#[test]
fn what_may_not_be_used_is_listed_all_the_same() {
    let tree = smt().tree();
    tree.allow("1,5,2", "1");
    let machine = tree.topology();
    assert_eq!(
        (machine.usable(), machine.online()),
        (&set("1-2,5"), &set("0-7"))
    );
    assert_eq!((machine.num_procs(), machine.cores().len()), (3, 4));
    assert_eq!(
        machine
            .usable_cores()
            .map(|core| core.cpus().to_string())
            .collect::<Vec<_>>(),
        ["1,5", "2,6"]
    );
    assert_eq!(machine.usable_nodes().count(), 2);
    assert_eq!(
        machine
            .allowed_nodes()
            .map(|node| node.os_index())
            .collect::<Vec<_>>(),
        [1]
    );
    let less = machine.clone().restricted_to(&set("2,3"));
    assert_eq!(less.usable(), &set("2"));
    let none = machine.restricted_to(&set("7"));
    assert_eq!(none.usable(), &set("1-2,5"));
    assert_eq!(
        none.notes(),
        ["none of the processors 7 can be used; usable stay 1-2,5"]
    );
}

/// Even numbers on one package, odd ones on the other: lists follow locality, not numbers.
#[test]
fn interleaved_numbering() {
    let machine = Machine {
        online: "0-7",
        packages: &[(0, "0,2,4,6"), (1, "1,3,5,7")],
        nodes: &[(0, "0,2,4,6", GIB), (1, "1,3,5,7", GIB)],
        caches: &[
            (3, 1 << 20, "0,4"),
            (3, 1 << 20, "2,6"),
            (3, 1 << 20, "1,5"),
            (3, 1 << 20, "3,7"),
        ],
        cores: &["0", "1", "2", "3", "4", "5", "6", "7"],
        ..Machine::default()
    };
    let machine = machine.tree().topology();
    assert_eq!(cores(&machine), ["0", "4", "2", "6", "1", "5", "3", "7"]);
    let llcs: Vec<String> = machine
        .llcs()
        .iter()
        .map(|cache| cache.cpus().to_string())
        .collect();
    assert_eq!(llcs, ["0,4", "2,6", "1,5", "3,7"]);
}

#[test]
fn memory_without_processors_and_processors_without_memory() {
    let machine = Machine {
        online: "0-3",
        packages: &[(0, "0-3")],
        nodes: &[(0, "0-1", 8 * GIB), (1, "2-3", 0), (2, "", 64 * GIB)],
        distances: &["10 20 40", "20 10 40", "40 40 10"],
        cores: &["0", "1", "2", "3"],
        caches: &[(3, 1 << 20, "0-3")],
    };
    let machine = machine.tree().topology();
    no_notes(&machine);
    let memory: Vec<Option<u64>> = machine.nodes().iter().map(|node| node.memory()).collect();
    assert_eq!(memory, [Some(8 * GIB), Some(0), Some(64 * GIB)]);
    assert!(machine.nodes()[2].cpus().is_empty());
    assert_eq!(machine.distance(2, 0), Some(40));
    assert_eq!(machine.node_of_cpu(3).unwrap().os_index(), 1);
    assert_eq!(
        (
            machine.usable_nodes().count(),
            machine.allowed_nodes().count()
        ),
        (2, 3)
    );
    assert_eq!(machine.llcs().len(), 1, "a cache may span nodes");
}

#[test]
fn offline_processors_and_sparse_numbers() {
    let machine = Machine {
        online: "0,2-3,9",
        packages: &[(1, "0,2-3"), (4, "9")],
        nodes: &[(1, "0,2-3", GIB), (6, "9", GIB)],
        distances: &["10 12", "12 10"],
        cores: &["0,2", "3", "9"],
        ..Machine::default()
    };
    let tree = machine.tree();
    tree.file(&format!("{CPU}/cpu1/uevent"), "")
        .file(&format!("{CPU}/cpufreq/x"), "");
    // Siblings that are offline stand in some kernels' lists.
    tree.file(&format!("{CPU}/cpu3/topology/core_cpus_list"), "1,3");
    tree.allow("0-31", "0-7");
    let machine = tree.topology();
    assert_eq!(
        (machine.online(), machine.usable()),
        (&set("0,2-3,9"), &set("0,2-3,9"))
    );
    assert_eq!(cores(&machine), ["0,2", "3", "9"]);
    assert_eq!(
        (machine.distance(1, 6), machine.distance(6, 0)),
        (Some(12), None)
    );
    assert_eq!(machine.packages()[1].os_index(), 4);
    assert_eq!(
        machine.notes(),
        ["the kernel describes no last-level caches"]
    );
    assert!(machine.llcs().is_empty() && machine.llc_of_cpu(0).is_none());
}

/// Two fast cores with two threads each, a cluster of four slow ones; the slow pair of cores far
/// from the L3 has an L2 for its last level.
#[test]
fn cores_of_several_kinds() {
    let spec = Machine {
        online: "0-9",
        packages: &[(0, "0-9")],
        nodes: &[(0, "0-9", GIB)],
        cores: &["0-1", "2-3", "4", "5", "6", "7", "8", "9"],
        caches: &[
            (2, 2 << 20, "0-1"),
            (2, 2 << 20, "2-3"),
            (2, 4 << 20, "4-7"),
            (2, 1 << 20, "8-9"),
            (3, 24 << 20, "0-7"),
        ],
        ..Machine::default()
    };
    let tree = spec.tree();
    for cpu in 0..10 {
        tree.file(
            &format!("{CPU}/cpu{cpu}/cpu_capacity"),
            if cpu < 4 { "1024" } else { "602" },
        );
    }
    let classes = |machine: &Topology| {
        machine
            .cores()
            .iter()
            .map(|core| core.efficiency_class())
            .collect::<Vec<_>>()
    };
    let machine = tree.topology();
    no_notes(&machine);
    assert_eq!(
        classes(&machine),
        [[Some(1); 2].as_slice(), &[Some(0); 6]].concat()
    );
    assert_eq!(machine.cores()[7].capacity(), Some(602));
    let levels: Vec<(u32, String)> = machine
        .llcs()
        .iter()
        .map(|c| (c.level(), c.cpus().to_string()))
        .collect();
    assert_eq!(levels, [(3, "0-7".into()), (2, "8-9".into())]);
    // Intel's units tell the kinds apart better than capacities, which differ a little among equals.
    tree.file("sys/devices/cpu_core/cpus", "0-3")
        .file("sys/devices/cpu_atom/cpus", "4-7");
    tree.file("sys/devices/cpu_lowpower/cpus", "8-9");
    let expected = [[Some(2); 2].as_slice(), &[Some(1); 4], &[Some(0); 2]].concat();
    assert_eq!(classes(&tree.topology()), expected);
}

#[test]
fn a_kernel_without_numa() {
    let tree = smt().tree();
    tree.remove(NODE)
        .file("proc/meminfo", "MemTotal:       1000 kB\nMemFree: 7 kB");
    let machine = tree.topology();
    let [node] = machine.nodes() else {
        panic!("{:?}", machine.nodes())
    };
    assert_eq!(
        (node.os_index(), node.memory(), node.cpus()),
        (0, Some(1_024_000), &set("0-7"))
    );
    assert!(node.distances().is_empty() && node.is_allowed());
    assert_eq!(
        machine.notes(),
        ["the kernel describes no NUMA nodes; all processors are taken as one node's"]
    );
    tree.remove("proc/meminfo");
    assert_eq!(tree.topology().nodes()[0].memory(), None);
}

#[test]
fn no_caches_and_older_names() {
    let tree = smt().tree();
    for cpu in 0..8 {
        tree.remove(&format!("{CPU}/cpu{cpu}/cache"));
        tree.remove(&format!("{CPU}/cpu{cpu}/topology/core_cpus_list"));
        tree.remove(&format!("{CPU}/cpu{cpu}/topology/package_cpus_list"));
    }
    let machine = tree.topology();
    assert_eq!(cores(&machine), ["0,4", "1,5", "2,6", "3,7"]);
    assert_eq!(machine.packages()[0].cpus(), &set("0-1,4-5"));
    assert_eq!(
        machine.notes(),
        ["the kernel describes no last-level caches"]
    );
}

#[test]
fn nothing_but_processors() {
    let tree = Tree::empty();
    tree.file(&format!("{CPU}/online"), "0-2");
    let machine = tree.topology();
    assert_eq!(
        (
            machine.num_procs(),
            machine.nodes().len(),
            machine.cores().len()
        ),
        (3, 1, 0)
    );
    assert_eq!(
        (
            machine.packages().len(),
            machine.pus().len(),
            machine.pus()[1].core()
        ),
        (0, 3, None)
    );
    assert_eq!(machine.notes().len(), 4, "{:#?}", machine.notes());
    // Not even the list: the folders of those that have a topology.
    tree.remove(&format!("{CPU}/online"))
        .file(&format!("{CPU}/cpu4/topology/core_id"), "0");
    tree.file(&format!("{CPU}/cpu5/uevent"), "");
    assert_eq!(tree.topology().online(), &set("4"));
}

#[test]
fn more_than_1024_processors() {
    let online = "0-1279";
    let packages: Vec<(usize, String)> = (0..10)
        .map(|p| (p, format!("{}-{}", p * 128, p * 128 + 127)))
        .collect();
    let cores: Vec<String> = (0..640)
        .map(|core| format!("{}-{}", core * 2, core * 2 + 1))
        .collect();
    let nodes: Vec<(usize, &str, u64)> = packages
        .iter()
        .map(|(p, cpus)| (*p, &**cpus, GIB))
        .collect();
    let packages: Vec<(usize, &str)> = packages.iter().map(|(p, cpus)| (*p, &**cpus)).collect();
    let cores: Vec<&str> = cores.iter().map(|core| &**core).collect();
    let tree = Machine {
        online,
        packages: &packages,
        nodes: &nodes,
        cores: &cores,
        ..Machine::default()
    }
    .tree();
    let start = std::time::Instant::now();
    let machine = tree.topology();
    println!("1280 processors in {:?}", start.elapsed());
    assert_eq!(
        (
            machine.num_procs(),
            machine.cores().len(),
            machine.packages().len()
        ),
        (1280, 640, 10)
    );
    assert_eq!(machine.core_of_cpu(1279).unwrap().package(), Some(9));
    assert_eq!(machine.node_of_cpu(1100).unwrap().os_index(), 8);
}
