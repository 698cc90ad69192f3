//! The text tree, as a reader sees it.
#![allow(missing_docs)]

mod common;
use common::{GIB, Machine, smt};

#[test]
fn a_machine_in_full() {
    let tree = smt().tree();
    tree.allow("0-2,5,7", "0")
        .file("proc/self/cgroup", "0::/")
        .file("sys/fs/cgroup/cgroup.controllers", "cpu");
    tree.file("sys/fs/cgroup/cpu.max", "250000 100000");
    let expected = "\
5 of 8 hardware threads usable, 4 cores, 2 last-level caches, 2 NUMA nodes, 2 packages, quota of 2.5 processors (sysfs)
package 0  (not usable: 4)
  node 0  32 GiB
    L3 16 MiB  (not usable: 4)
      core 0  threads 0,4  (not usable: 4)
      core 1  threads 1,5
package 1  (not usable: 3,6)
  node 1  32 GiB  (memory not allowed)
    L3 16 MiB  (not usable: 3,6)
      core 2  threads 2,6  (not usable: 6)
      core 3  threads 3,7  (not usable: 3)
distances    0    1
        0   10   21
        1   21   10
";
    assert_eq!(tree.topology().to_string(), expected);
}

#[test]
fn odd_nodes_and_notes() {
    let machine = Machine {
        online: "0-2",
        nodes: &[(0, "0-1", 0), (3, "", 3 * GIB / 2)],
        cores: &["0-1"],
        ..Machine::default()
    };
    let expected = "\
3 of 3 hardware threads usable, 1 core, 2 NUMA nodes (sysfs)
node 0  no memory
  core 0  threads 0-1
thread 2
node 3  1.5 GiB  no processors
note: the kernel describes no packages
note: the kernel describes no last-level caches
";
    assert_eq!(machine.tree().topology().to_string(), expected);
}

#[test]
fn many_cores_in_one_line() {
    let cores: Vec<String> = (0..40)
        .map(|core| format!("{core},{}", core + 40))
        .collect();
    let cores: Vec<&str> = cores.iter().map(|core| &**core).collect();
    let machine = Machine {
        online: "0-79",
        packages: &[(0, "0-79")],
        nodes: &[(0, "0-79", 2048 * GIB)],
        caches: &[(3, 32 << 20, "0-19,40-59"), (3, 32 << 20, "20-39,60-79")],
        cores: &cores,
        ..Machine::default()
    };
    let expected = "\
80 of 80 hardware threads usable, 40 cores, 2 last-level caches, 1 NUMA node, 1 package (sysfs)
package 0
  node 0  2 TiB
    L3 32 MiB
      20 cores  threads 0-19,40-59
    L3 32 MiB
      20 cores  threads 20-39,60-79
";
    assert_eq!(machine.tree().topology().to_string(), expected);
}
