//! libhwloc: this machine, XML of another, synthetic ones; and whether sysfs says the same.
#![cfg(feature = "hwloc")]
#![allow(missing_docs)]

mod common;
use common::{Machine, differences, differences_now, set};
use phalanx_topology::{CpuSet, Source, Topology, TopologyError};

#[test]
fn all_three_agree_on_this_machine() {
    let (sysfs, hwloc) = (
        Topology::from_sysfs().unwrap(),
        Topology::from_hwloc().unwrap(),
    );
    println!("{hwloc}");
    assert_eq!(hwloc.source(), Source::Hwloc);
    assert_eq!(differences_now(&sysfs, &hwloc), [""; 0]);
    assert_eq!(sysfs.cpu_quota(), hwloc.cpu_quota());
    assert_eq!(hwloc.usable(), Topology::flat().usable());
}

#[test]
fn a_narrowed_thread_sees_less() {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let all = Topology::from_hwloc().unwrap();
            let last = CpuSet::from_iter(all.usable().last());
            last.bind_current_thread().unwrap();
            let less = Topology::from_hwloc().unwrap();
            assert_eq!(less.usable(), &last);
            assert_eq!(less.cores(), all.cores());
            assert_eq!(
                CpuSet::current_thread().unwrap(),
                last,
                "discovery leaves the binding alone"
            );
        });
    });
}

/// A virtual machine of four nodes with two processors each, as hwloc saw it, and as its kernel tells.
#[test]
fn four_nodes_from_xml_and_from_sysfs() {
    let xml = include_str!("trees/vm-4x2.xml");
    let hwloc = Topology::from_hwloc_xml(xml).unwrap();
    assert_eq!(
        (hwloc.source(), hwloc.num_procs(), hwloc.cpu_quota()),
        (Source::HwlocXml, 8, None)
    );
    let l2 = ["0", "1", "2", "3", "4", "5", "6", "7"].map(|cpu| (2, 4 << 20, cpu));
    let l3 = ["0-1", "2-3", "4-5", "6-7"].map(|cpus| (3, 16 << 20, cpus));
    let tree = Machine {
        online: "0-7",
        packages: &[(0, "0-1"), (1, "2-3"), (2, "4-5"), (3, "6-7")],
        nodes: &[
            (0, "0-1", 262_496_256),
            (1, "2-3", 263_561_216),
            (2, "4-5", 263_561_216),
            (3, "6-7", 229_171_200),
        ],
        distances: &["10 21 31 31", "23 10 31 31", "33 33 10 21", "33 33 23 10"],
        caches: &[l2.as_slice(), &l3].concat(),
        cores: &["0", "1", "2", "3", "4", "5", "6", "7"],
    }
    .tree();
    for cpu in 0..8 {
        // Core numbers start anew in each package.
        tree.file(
            &format!("{}/cpu{cpu}/topology/core_id", common::CPU),
            &(cpu % 2).to_string(),
        );
    }
    let sysfs = tree.topology();
    assert!(sysfs.notes().is_empty() && hwloc.notes().is_empty());
    assert_eq!(differences(&sysfs, &hwloc), [""; 0]);
    assert_eq!(
        (sysfs.distance(1, 0), hwloc.distance(0, 1)),
        (Some(23), Some(21)),
        "not symmetric"
    );
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees/vm-4x2.xml");
    assert_eq!(Topology::from_hwloc_xml_file(&path).unwrap(), hwloc);
}

#[test]
fn synthetic_machines() {
    let machine = Topology::from_hwloc_synthetic("node:4 core:2 pu:2").unwrap();
    assert_eq!(machine.source(), Source::HwlocSynthetic);
    assert_eq!(
        (
            machine.nodes().len(),
            machine.cores().len(),
            machine.num_procs()
        ),
        (4, 8, 16)
    );
    assert_eq!(machine.cores()[3].cpus(), &set("6-7"));
    assert_eq!(machine.cores()[3].node(), Some(1));
    assert!(machine.packages().is_empty() && machine.llcs().is_empty());
    let machine =
        Topology::from_hwloc_synthetic("package:2 l3:2(size=8MB) l2:2 core:1 pu:1").unwrap();
    assert_eq!(
        (
            machine.packages().len(),
            machine.llcs().len(),
            machine.llcs()[0].level()
        ),
        (2, 4, 3)
    );
    assert_eq!(machine.llcs()[3].cpus(), &set("6-7"));
    let places = "ll_caches(2:2)"
        .parse::<phalanx_topology::PlacesSpec>()
        .unwrap()
        .resolve(&machine)
        .unwrap();
    assert_eq!(places.to_string(), "{0-1},{4-5}");
}

#[test]
fn refusals() {
    for error in [
        Topology::from_hwloc_synthetic("node:none").unwrap_err(),
        Topology::from_hwloc_synthetic("core:2\0").unwrap_err(),
        Topology::from_hwloc_xml("<no topology>").unwrap_err(),
    ] {
        assert!(matches!(error, TopologyError::Hwloc { .. }), "{error:?}");
        println!("{error}");
    }
    let error =
        Topology::from_hwloc_xml_file(std::path::Path::new("/nowhere/machine.xml")).unwrap_err();
    assert!(matches!(error, TopologyError::Read { .. }), "{error:?}");
}
