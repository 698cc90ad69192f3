//! Groups of two tasks, which become joins.

use phalanx::prelude::*;

#[omp]
fn one_beside_the_rest(a: &mut [u64], b: &mut [u64]) -> u64 {
    let (mut sum, mut text) = (0, String::new());
    let last = #[taskgroup]
    {
        let mut k = 3;
        let label = format!("{k}");
        #[task]
        {
            // `k` as it is here.
            a.iter_mut().for_each(|x| *x += k);
            text.push_str(&label);
        }
        k += 1;
        b.iter_mut().for_each(|x| *x += k);
        #[taskgroup]
        {
            #[task]
            {
                sum = b.iter().sum();
            }
            #[task]
            {
                assert_eq!(k, 4);
            }
        }
        k
    };
    assert_eq!(text, "3");
    sum + last
}

#[test]
fn groups_of_two() {
    let (mut a, mut b) = (vec![1; 10], vec![2; 10]);
    assert_eq!(one_beside_the_rest(&mut a, &mut b), 64);
    assert!(a.iter().all(|x| *x == 4) && b.iter().all(|x| *x == 6));
}

#[omp]
fn nested_pairs(tree: &mut [u64]) {
    if tree.len() < 2 {
        return;
    }
    let (left, right) = tree.split_at_mut(tree.len() / 2);
    #[taskgroup]
    {
        for x in left.iter_mut() {
            #[task]
            {
                *x += 1;
                let (mut a, mut b) = (0, 0);
                // In sight of a task's handle.
                #[taskgroup]
                {
                    #[task]
                    {
                        a = *x;
                    }
                    #[task]
                    {
                        b = 2;
                    }
                }
                *x = a + b;
            }
        }
    }
    #[taskgroup]
    {
        #[task]
        {
            nested_pairs(left);
        }
        #[task]
        {
            nested_pairs(right);
        }
    }
}

#[test]
fn pairs_in_tasks() {
    let mut v = vec![0; 16];
    nested_pairs(&mut v);
    let want: Vec<u64> = (0..16u32)
        .map(|i| 3 * u64::from(4 - i.count_ones()))
        .collect();
    assert_eq!(v, want);
}

#[omp]
fn panics(which: usize) {
    let x = Atomic::new(0);
    #[taskgroup]
    {
        #[task]
        {
            assert!(which != 1, "the first");
            x.add(1);
        }
        #[task]
        {
            assert!(which != 2, "the second");
            x.add(1);
        }
    }
    assert_eq!(x.into_inner(), 2);
}

#[test]
fn panics_of_pairs() {
    panics(0);
    for (which, text) in [(1, "the first"), (2, "the second")] {
        let caught = std::panic::catch_unwind(|| panics(which)).expect_err("it panics");
        assert_eq!(caught.downcast_ref::<&str>(), Some(&text));
    }
}
