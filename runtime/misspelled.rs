//! Environment variables that are almost ours: a setting that was misspelled would do nothing in silence.

/// Variables that mean something here.
const OURS: [&str; 16] = [
    "OMP_AFFINITY_FORMAT",
    "OMP_DISPLAY_AFFINITY",
    "OMP_DISPLAY_ENV",
    "OMP_DYNAMIC",
    "OMP_MAX_ACTIVE_LEVELS",
    "OMP_MAX_TASK_PRIORITY",
    "OMP_NESTED",
    "OMP_NUM_THREADS",
    "OMP_PLACES",
    "OMP_PROC_BIND",
    "OMP_SCHEDULE",
    "OMP_STACKSIZE",
    "OMP_THREAD_LIMIT",
    "OMP_WAIT_POLICY",
    "PHALANX_BLOCKTIME",
    "PHALANX_EVENT_TIMEOUT",
];

/// Others that OpenMP 6.0 knows, and that look like one of ours.
const OTHERS: [&str; 3] = [
    "OMP_NUM_TEAMS",
    "OMP_TEAMS_THREAD_LIMIT",
    "OMP_THREADS_RESERVE",
];

/// A warning for each name that differs from one of ours by a letter or two.
pub fn misspelled<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let known = |name: &str| OURS.contains(&name) || OTHERS.contains(&name);
    let ours = |name: &&str| name.starts_with("OMP_") || name.starts_with("PHALANX_");
    let meant = |name: &str| OURS.into_iter().find(|one| differ_little(name, one));
    names
        .filter(|name| ours(name) && !known(name))
        .filter_map(|name| {
            let meant = meant(name)?;
            Some(format!("{name} is set, and means nothing; {meant} does"))
        })
        .collect()
}

/// Whether at most two letters have to be added, left out or changed.
fn differ_little(a: &str, b: &str) -> bool {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()] <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_almost_ours_is_said() {
        let names = ["OMP_NUM_THREAD", "HOME", "PHALANX_BLOKTIME", "OMP_PROCBIND"];
        let said = misspelled(names.into_iter());
        assert_eq!(said.len(), 3, "{said:?}");
        assert_eq!(
            said[0],
            "OMP_NUM_THREAD is set, and means nothing; OMP_NUM_THREADS does"
        );
        assert!(said[1].ends_with("PHALANX_BLOCKTIME does"), "{}", said[1]);
        assert!(said[2].ends_with("OMP_PROC_BIND does"), "{}", said[2]);
    }

    #[test]
    fn what_is_another_variable_is_not() {
        let others = [
            "OMP_TARGET_OFFLOAD",
            "OMP_CANCELLATION",
            "OMP_NUM_TEAMS",
            "OMP_TOOL",
        ];
        assert!(misspelled(others.into_iter().chain(OURS)).is_empty());
        assert!(misspelled(["PHALANX_TEST_ENVIRONMENT_CHILD"].into_iter()).is_empty());
    }
}
