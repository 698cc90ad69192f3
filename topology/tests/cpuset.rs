//! Sets of processors: text, operators, binding the calling thread.
#![allow(missing_docs)]

use phalanx_topology::CpuSet;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn set(text: &str) -> CpuSet {
    text.parse().unwrap()
}

#[test]
fn text() {
    for text in ["", "0", "0-3", "0-3,8", "1,3,5,7", "63-64", "0,127,65535"] {
        assert_eq!(set(text).to_string(), text);
        assert_eq!(format!("{:?}", set(text)), text);
    }
    assert_eq!(set("3,1,2,2,0-1\n").to_string(), "0-3");
    assert_eq!(set("7-7").to_string(), "7");
    assert_eq!(format!("[{:>5}]", set("0-1")), "[  0-1]");
}

#[test]
fn errors_name_the_position() {
    for (text, position, expected) in [
        (",", 1, "a processor number"),
        ("0,", 3, "a processor number"),
        ("0-", 3, "a processor number"),
        ("0-x", 3, "a processor number"),
        (" 0,-1", 4, "a processor number"),
        ("0 1", 2, "`-`, `,` or the end"),
        ("0-1-2", 4, "`,` or the end"),
        ("5-3", 3, "a number that is not below the range's first"),
        ("65536", 1, "a processor number below 65536"),
        (
            "0-99999999999999999999999",
            3,
            "a processor number below 65536",
        ),
        ("é", 1, "a processor number"),
    ] {
        let error = text.parse::<CpuSet>().unwrap_err();
        assert_eq!(
            (error.position, error.expected),
            (position, expected),
            "{error}"
        );
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn members() {
    let mut cpus = CpuSet::new();
    assert!(cpus.is_empty() && cpus.first().is_none() && cpus.last().is_none());
    assert!(cpus.insert(200) && !cpus.insert(200) && cpus.insert(3));
    assert_eq!(
        (cpus.len(), cpus.first(), cpus.last()),
        (2, Some(3), Some(200))
    );
    assert!(cpus.contains(3) && !cpus.contains(4) && !cpus.contains(usize::MAX));
    assert!(cpus.remove(200) && !cpus.remove(200) && !cpus.remove(usize::MAX));
    assert_eq!(cpus, set("3"), "equal whatever was in before");
    assert_eq!((&cpus).into_iter().collect::<Vec<_>>(), [3]);
}

#[test]
#[should_panic(expected = "processor number 65536 is not below CpuSet::LIMIT (65536)")]
fn beyond_the_limit() {
    CpuSet::new().insert(CpuSet::LIMIT);
}

fn numbers() -> impl Strategy<Value = BTreeSet<usize>> {
    prop::collection::btree_set(prop_oneof![0..130_usize, 0..CpuSet::LIMIT], 0..40)
}

proptest! {
    #[test]
    fn text_and_back(numbers in numbers()) {
        let cpus: CpuSet = numbers.iter().copied().collect();
        prop_assert_eq!(&set(&cpus.to_string()), &cpus);
        prop_assert_eq!(cpus.iter().collect::<BTreeSet<_>>(), numbers.clone());
        prop_assert_eq!(cpus.len(), numbers.len());
        prop_assert_eq!(cpus.last(), numbers.last().copied());
    }

    #[test]
    fn operators_are_those_of_sets(a in numbers(), b in numbers()) {
        let of = |numbers: &BTreeSet<usize>| numbers.iter().copied().collect::<CpuSet>();
        let (x, y) = (of(&a), of(&b));
        prop_assert_eq!(&x | &y, of(&(&a | &b)));
        prop_assert_eq!(&x & &y, of(&(&a & &b)));
        prop_assert_eq!(&x - &y, of(&(&a - &b)));
        prop_assert_eq!(x.intersects(&y), !a.is_disjoint(&b));
        prop_assert_eq!(x.is_subset(&y), a.is_subset(&b));
        prop_assert!((&x & &y).is_subset(&x));
    }

    #[test]
    fn any_text_is_taken_or_refused(text in "[-0-9, x\u{e9}\n]{0,12}|.{0,20}") {
        if let Ok(cpus) = text.parse::<CpuSet>() {
            prop_assert_eq!(set(&cpus.to_string()), cpus);
        }
    }
}

#[cfg(target_os = "linux")]
mod binding {
    use super::*;

    /// On a thread of its own: the binding ends with it.
    fn apart(test: impl FnOnce() + Send) {
        std::thread::scope(|scope| scope.spawn(test).join().unwrap());
    }

    #[test]
    fn bind_and_ask() {
        apart(|| {
            let before = CpuSet::current_thread().unwrap();
            for cpu in &before {
                let one = CpuSet::from_iter([cpu]);
                one.bind_current_thread().unwrap();
                assert_eq!(CpuSet::current_thread().unwrap(), one);
            }
            before.bind_current_thread().unwrap();
            assert_eq!(CpuSet::current_thread().unwrap(), before);
        });
    }

    #[test]
    fn what_cannot_be_had() {
        apart(|| {
            let before = CpuSet::current_thread().unwrap();
            let far = CpuSet::from_iter([CpuSet::LIMIT - 1]);
            let error = far.bind_current_thread().unwrap_err();
            assert_eq!((&error.asked, &error.left), (&far, &Some(before.clone())));
            assert_eq!(
                error.to_string(),
                format!(
                    "cannot bind this thread to the processors 65535: Invalid argument (os error 22); it is left with {before}"
                )
            );
            let error = CpuSet::new().bind_current_thread().unwrap_err();
            assert_eq!(error.reason, "the set is empty");
        });
    }

    #[test]
    fn a_part_is_an_error() {
        apart(|| {
            let before = CpuSet::current_thread().unwrap();
            let more = &before | &CpuSet::from_iter([CpuSet::LIMIT - 1]);
            let error = more.bind_current_thread().unwrap_err();
            assert_eq!(error.left, Some(before));
            assert!(
                error
                    .to_string()
                    .contains("the operating system gave others"),
                "{error}"
            );
        });
    }
}
