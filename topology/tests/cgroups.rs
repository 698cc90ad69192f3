//! Control groups: cpusets and quotas of both versions, and what is mounted where.
#![allow(missing_docs)]

mod common;
use common::{Tree, set, smt};

const V2: &str = "30 1 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";

fn quota(tree: &Tree) -> Option<f64> {
    let machine = tree.topology();
    assert!(machine.notes().is_empty(), "{:#?}", machine.notes());
    machine.cpu_quota()
}

/// A service in a slice in the root: each may have a limit, and the least counts.
fn nested() -> Tree {
    let tree = smt().tree();
    tree.allow("0-7", "0-1")
        .file("proc/self/cgroup", "0::/user.slice/job.service");
    tree.file(
        "proc/self/mountinfo",
        &format!("22 1 0:20 / /proc rw - proc proc rw\n{V2}"),
    );
    tree.file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu memory");
    tree.file("sys/fs/cgroup/user.slice/cpu.max", "250000 100000");
    tree.file("sys/fs/cgroup/user.slice/job.service/cpu.max", "max 100000");
    tree
}

#[test]
fn version_2_takes_the_least_of_all_ancestors() {
    let tree = nested();
    assert_eq!(quota(&tree), Some(2.5));
    assert_eq!(tree.topology().default_threads(), 2);
    tree.file(
        "sys/fs/cgroup/user.slice/job.service/cpu.max",
        "50000 100000",
    );
    assert_eq!(quota(&tree), Some(0.5));
    assert_eq!(
        (
            tree.topology().default_threads(),
            tree.topology().num_procs()
        ),
        (1, 8)
    );
    tree.file(
        "sys/fs/cgroup/user.slice/job.service/cpu.max",
        "9000000 1000000",
    );
    assert_eq!(quota(&tree), Some(2.5));
    tree.file("sys/fs/cgroup/user.slice/cpu.max", "max 100000");
    assert_eq!(
        (quota(&tree), tree.topology().default_threads()),
        (Some(9.0), 8)
    );
}

#[test]
fn version_2_cpuset_of_the_nearest_group_that_has_one() {
    let tree = nested();
    tree.file("sys/fs/cgroup/cpuset.cpus.effective", "0-7");
    tree.file("sys/fs/cgroup/user.slice/cpuset.cpus.effective", "2-3,6-7");
    tree.file("sys/fs/cgroup/user.slice/cpuset.mems.effective", "1");
    let machine = tree.topology();
    assert_eq!(machine.usable(), &set("2-3,6-7"));
    assert_eq!(
        machine
            .allowed_nodes()
            .map(|node| node.os_index())
            .collect::<Vec<_>>(),
        [1]
    );
    tree.allow("3,5", "0-1");
    assert_eq!(
        tree.topology().usable(),
        &set("3"),
        "where the group and the mask meet"
    );
    tree.allow("5", "0");
    let machine = tree.topology();
    assert_eq!(
        machine.usable(),
        &set("5"),
        "the mask counts when they do not meet"
    );
    assert_eq!(machine.notes().len(), 2, "{:#?}", machine.notes());
}

#[test]
fn a_container_sees_its_own_group_as_the_root() {
    let tree = nested();
    // With a namespace the path is `/`; without one it is the host's, and the mount's root says so.
    tree.file("proc/self/cgroup", "0::/")
        .file("sys/fs/cgroup/cpu.max", "300000 100000");
    assert_eq!(quota(&tree), Some(3.0));
    tree.file("proc/self/cgroup", "0::/docker/4af/init");
    tree.file(
        "proc/self/mountinfo",
        &V2.replace("0:26 / ", "0:26 /docker/4af "),
    );
    tree.file("sys/fs/cgroup/init/cpu.max", "150000 100000");
    assert_eq!(quota(&tree), Some(1.5));
    tree.file("proc/self/cgroup", "0::/../sibling");
    assert_eq!(
        quota(&tree),
        Some(3.0),
        "a group that cannot be seen leaves the top"
    );
    tree.file("proc/self/cgroup", "0::/docker/4afe/init");
    assert_eq!(quota(&tree), Some(3.0), "a longer name is another group");
}

fn version_1_tree() -> Tree {
    let tree = smt().tree();
    tree.allow("0-7", "0-1").file(
        "proc/self/cgroup",
        "4:cpuset:/batch\n3:cpu,cpuacct:/batch/7\n1:name=systemd:/x\n0::/x",
    );
    tree.file(
        "proc/self/mountinfo",
        "31 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
         32 30 0:29 / /sys/fs/cgroup/cpuset rw shared:9 - cgroup cgroup rw,cpuset\n\
         33 30 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
    );
    let cpu = "sys/fs/cgroup/cpu,cpuacct";
    tree.file(&format!("{cpu}/cpu.cfs_quota_us"), "-1")
        .file(&format!("{cpu}/cpu.cfs_period_us"), "100000");
    tree.file(&format!("{cpu}/batch/cpu.cfs_quota_us"), "400000")
        .file(&format!("{cpu}/batch/cpu.cfs_period_us"), "100000");
    tree.file(&format!("{cpu}/batch/7/cpu.cfs_quota_us"), "75000")
        .file(&format!("{cpu}/batch/7/cpu.cfs_period_us"), "50000");
    tree.file("sys/fs/cgroup/cpuset/cpuset.cpus", "0-7")
        .file("sys/fs/cgroup/cpuset/batch/cpuset.cpus", "0-3");
    tree
}

#[test]
fn version_1() {
    let tree = version_1_tree();
    assert_eq!(quota(&tree), Some(1.5));
    assert_eq!(tree.topology().usable(), &set("0-3"));
    tree.file("sys/fs/cgroup/cpu,cpuacct/batch/7/cpu.cfs_quota_us", "-1");
    assert_eq!(quota(&tree), Some(4.0));
}

#[test]
fn without_mountinfo_the_usual_places() {
    let tree = version_1_tree();
    tree.remove("proc/self/mountinfo");
    assert_eq!(quota(&tree), Some(1.5));
    assert_eq!(tree.topology().usable(), &set("0-3"));
    let tree = nested();
    tree.remove("proc/self/mountinfo");
    assert_eq!(quota(&tree), Some(2.5));
}

#[test]
fn none_of_it() {
    let tree = smt().tree();
    assert_eq!(quota(&tree), None);
    tree.file("proc/self/cgroup", "0::/gone")
        .file("proc/self/mountinfo", V2);
    assert_eq!(quota(&tree), None);
}

#[test]
fn senseless_limits_are_left_out_with_a_note() {
    let tree = nested();
    tree.file("sys/fs/cgroup/user.slice/job.service/cpu.max", "100000 0");
    let machine = tree.topology();
    assert_eq!(machine.cpu_quota(), Some(2.5));
    assert!(
        machine.notes()[0]
            .contains("holds `100000 0`, which is left out: expected a time and a period"),
        "{:?}",
        machine.notes()
    );
    tree.file("proc/self/cgroup", "nonsense");
    assert!(tree.topology().notes()[0].contains("expected `number:controllers:path`"));
    let tree = version_1_tree();
    tree.file("sys/fs/cgroup/cpu,cpuacct/batch/7/cpu.cfs_period_us", "0");
    let machine = tree.topology();
    assert_eq!(machine.cpu_quota(), Some(4.0));
    assert!(
        machine.notes()[0].contains("expected a period above 0"),
        "{:?}",
        machine.notes()
    );
}

#[test]
fn a_mount_point_with_a_space() {
    let tree = nested();
    tree.file(
        "proc/self/mountinfo",
        &V2.replace("/sys/fs/cgroup", "/mnt/my\\040groups"),
    );
    tree.file("mnt/my groups/user.slice/cpu.max", "100000 100000");
    assert_eq!(quota(&tree), Some(1.0));
}
