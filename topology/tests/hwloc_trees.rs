//! The captured trees read by hwloc's own Linux backend: both readers must say the same.
//!
//! hwloc takes the root folder from the environment, so this is one test in a process of its own.
#![cfg(all(feature = "hwloc", target_os = "linux"))]
#![allow(missing_docs)]

mod common;
use common::{CPU, GIB, Machine, Tree, differences, smt};
use phalanx_topology::Topology;

fn trees() -> Vec<(&'static str, Tree)> {
    let captured = Tree::captured(include_str!("trees/vm-2.txt"));
    let interleaved = Machine {
        online: "0-7",
        packages: &[(0, "0,2,4,6"), (1, "1,3,5,7")],
        nodes: &[(0, "0,2,4,6", GIB), (1, "1,3,5,7", GIB)],
        distances: &["10 30", "30 10"],
        caches: &[
            (3, 1 << 20, "0,4"),
            (3, 1 << 20, "2,6"),
            (3, 1 << 20, "1,5"),
            (3, 1 << 20, "3,7"),
        ],
        cores: &["0", "1", "2", "3", "4", "5", "6", "7"],
    };
    let odd_nodes = Machine {
        online: "0-3",
        packages: &[(0, "0-3")],
        nodes: &[
            (0, "", 64 * GIB),
            (1, "0-1", 8 * GIB),
            (2, "2-3", 0),
            (3, "", GIB),
        ],
        distances: &["10 40 40 80", "40 10 20 80", "40 20 10 80", "80 80 80 10"],
        cores: &["0", "1", "2", "3"],
        caches: &[(2, 1 << 20, "0-1"), (2, 1 << 20, "2-3")],
    };
    let sparse = Machine {
        online: "0,2-3,9",
        packages: &[(1, "0,2-3"), (4, "9")],
        nodes: &[(1, "0,2-3", GIB), (6, "9", GIB)],
        distances: &["10 12", "12 10"],
        cores: &["0,2", "3", "9"],
        ..Machine::default()
    };
    let cores = Machine {
        online: "0-7",
        packages: &[(0, "0-7")],
        nodes: &[(0, "0-7", GIB)],
        cores: &["0-1", "2-3", "4", "5", "6", "7"],
        caches: &[
            (2, 2 << 20, "0-1"),
            (2, 2 << 20, "2-3"),
            (2, 1 << 20, "4-7"),
            (3, 24 << 20, "0-3"),
        ],
        ..Machine::default()
    };
    let kinds = cores.tree();
    for cpu in 0..8 {
        kinds.file(
            &format!("{CPU}/cpu{cpu}/cpu_capacity"),
            if cpu < 4 { "1024" } else { "602" },
        );
    }
    vec![
        ("captured", captured),
        ("smt", smt().tree()),
        ("interleaved", interleaved.tree()),
        ("odd nodes", odd_nodes.tree()),
        ("sparse", sparse.tree()),
        ("kinds", kinds),
    ]
}

#[test]
fn both_readers_agree() {
    for (name, tree) in trees() {
        // hwloc 2.9 looks at these two before it takes a root for a machine's.
        tree.file("proc/meminfo", "MemTotal: 1 kB")
            .file("proc/cpuinfo", "");
        // SAFETY: this process runs this one test, no other thread reads or writes the environment.
        unsafe {
            std::env::set_var("HWLOC_FSROOT", tree.root());
            std::env::set_var("HWLOC_THISSYSTEM", "0");
        }
        let hwloc = Topology::from_hwloc().unwrap();
        let sysfs = tree.topology();
        assert_eq!(
            differences(&sysfs, &hwloc),
            [""; 0],
            "{name}\n{sysfs}\n{hwloc}"
        );
    }
}
