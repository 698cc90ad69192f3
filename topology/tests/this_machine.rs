//! The machine that the tests run on, whatever it is.
#![allow(missing_docs)]

mod common;
use common::differences_now;
use phalanx_topology::{CpuSet, PlacesSpec, ProcBind, Source, Topology, assign};

#[test]
fn discovery_and_what_it_costs() {
    let start = std::time::Instant::now();
    let machine = Topology::discover();
    let first = start.elapsed();
    let start = std::time::Instant::now();
    let again = Topology::discover();
    println!(
        "{machine}discovered in {first:?}, again in {:?}",
        start.elapsed()
    );
    assert_eq!(differences_now(&machine, &again), [""; 0]);
    assert!(!machine.usable().is_empty() && machine.usable().is_subset(machine.online()));
    assert!(machine.default_threads() <= machine.num_procs());
    for pu in machine.pus() {
        assert_eq!(machine.pu(pu.cpu()), Some(pu));
        let core = machine.core_of_cpu(pu.cpu());
        assert!(core.is_none_or(|core| core.cpus().contains(pu.cpu())));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn sysfs_the_flat_list_and_the_thread_agree() {
    let machine = Topology::from_sysfs().unwrap();
    assert_eq!(machine.source(), Source::Sysfs);
    assert_eq!(machine.usable(), &CpuSet::current_thread().unwrap());
    let flat = Topology::flat();
    if machine.usable().last() < Some(1024) {
        assert_eq!(machine.usable(), flat.usable());
    }
    assert_eq!(flat.source(), Source::Flat);
    assert!(!flat.notes().is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_narrowed_thread_sees_less() {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let all = Topology::from_sysfs().unwrap();
            let last = CpuSet::from_iter(all.usable().last());
            last.bind_current_thread().unwrap();
            let less = Topology::from_sysfs().unwrap();
            assert_eq!((less.usable(), less.num_procs()), (&last, 1));
            assert_eq!(less.cores(), all.cores(), "the machine is the same");
        });
    });
}

#[test]
#[cfg(target_os = "linux")]
fn threads_run_where_they_are_assigned() {
    let machine = Topology::discover();
    let places = "threads"
        .parse::<PlacesSpec>()
        .unwrap()
        .resolve(&machine)
        .unwrap();
    let all = places.list();
    std::thread::scope(|scope| {
        for thread in assign(ProcBind::Close, all.len() + 1, 0..all.len(), 0) {
            scope.spawn(move || {
                all[thread.place].cpus().bind_current_thread().unwrap();
                assert_eq!(&CpuSet::current_thread().unwrap(), all[thread.place].cpus());
            });
        }
    });
}
