//! Annotated tasks with `depend` against sequential twins.

use phalanx::prelude::*;

#[omp]
fn whole(n: u64, list: &mut Vec<u64>) -> (u64, u64) {
    let (mut a, mut b) = (0, 0);
    let by = 2;
    #[taskgroup]
    {
        for i in 0..n {
            #[task(depend(inout: a), depend(in: by))]
            {
                *a = *a * by + i;
            }
            #[task(depend(in: a), depend(inout: list), priority(1), if(i % 2 == 0))]
            {
                list.push(*a);
            }
            #[task(depend(mutexinoutset: b))]
            {
                *b += i;
            }
        }
        let seen = #[taskwait(depend(in: a))]
        {
            *a
        };
        assert_eq!(seen, n.pow(0) * (0..n).fold(0, |a, i| a * 2 + i));
    }
    (a, b)
}

#[test]
fn an_object() {
    let mut list = Vec::new();
    let last = (0..20).fold(0, |a, i| a * 2 + i);
    assert_eq!(whole(20, &mut list), (last, 190));
    let mut a = 0;
    let want = (0..20).map(|i| {
        a = a * 2 + i;
        a
    });
    assert_eq!(list, want.collect::<Vec<_>>());
}

#[omp]
fn elements(v: &mut [u64], steps: usize) {
    #[taskgroup]
    {
        // Before any task has it.
        let n = v.len();
        for _ in 0..steps {
            for i in 1..n {
                #[task(depend(in: v[i - 1]), depend(inout: v[i]))]
                {
                    v[i] += v[i - 1];
                }
            }
        }
    }
}

#[omp]
fn named_elements(v: &mut [u64], steps: usize) {
    let n = v.len();
    #[taskgroup]
    {
        for _ in 0..steps {
            for i in 1..n {
                #[task(depend(in: left = v[i - 1]), depend(inout: me = v[i]))]
                {
                    *me += *left;
                }
            }
        }
    }
}

#[test]
fn elements_of_an_array() {
    let start: Vec<u64> = (0..20).collect();
    let (mut a, mut b, mut c) = (start.clone(), start.clone(), start);
    for _ in 0..5 {
        for i in 1..a.len() {
            a[i] += a[i - 1];
        }
    }
    elements(&mut b, 5);
    named_elements(&mut c, 5);
    assert_eq!(a, b);
    assert_eq!(a, c);
}

#[omp]
fn sets(v: &mut [u64], rounds: u64) -> u64 {
    let mut sum = 0;
    let n = v.len();
    #[taskgroup]
    {
        for k in 0..rounds {
            for i in 0..n {
                #[task(depend(out: v[i]))]
                {
                    v[i] = k + i as u64;
                }
            }
            #[task(depend(iterator(i = 0..n), in: all = v[i]), depend(inout: sum))]
            {
                *sum += all.iter().copied().sum::<u64>();
            }
            #[task(depend(iterator(i = 0..n / 2, j = 0..2), in: v[i + j * (n / 2)]), depend(inout: sum))]
            {
                *sum += v[0] + v[n - 1];
            }
        }
    }
    sum
}

#[test]
fn iterators() {
    let mut v = vec![0; 10];
    let want = (0..4).map(|k| (0..10).map(|i| k + i).sum::<u64>() + 2 * k + 9);
    assert_eq!(sets(&mut v, 4), want.sum::<u64>());
}

#[omp]
fn handles<'s>(tg: &TaskGroup<'s>, a: phalanx::Dep<'s, u64>, by: &'s u64) {
    for i in 0..5 {
        #[task(depend(inout: a))]
        {
            *a += i * by;
        }
    }
    let read = a.input();
    let seen = #[taskwait(depend(depobj: read))]
    {
        *read
    };
    assert_eq!(seen % 10, 0);
}

#[omp]
fn given_handles(v: &mut [u64]) -> u64 {
    let mut a = 0;
    let by = 3;
    #[taskgroup(handle(tg))]
    {
        let a = tg.dep(&mut a);
        let parts = tg.deps(v.chunks_mut(4));
        handles(tg, a, &by);
        for k in 0..parts.len() {
            #[task(depend(in: a), depend(out: part = parts[k]))]
            {
                part.fill(*a + k as u64);
            }
        }
    }
    a
}

#[test]
fn handles_and_accesses() {
    let mut v = vec![0; 10];
    assert_eq!(given_handles(&mut v), 30);
    let want: Vec<u64> = (0..10).map(|i| 30 + i / 4).collect();
    assert_eq!(v, want);
}

#[omp]
fn groups_in_tasks(v: &mut [u64]) -> u64 {
    let mut total = 0;
    #[taskgroup(task_reduction(+: total))]
    {
        #[task(depend(out: v))]
        {
            // The task's own group shares out what the task has.
            #[taskgroup]
            {
                for x in v.iter_mut() {
                    #[task]
                    {
                        *x += 1;
                    }
                }
            }
        }
        #[task(depend(in: v), in_reduction(+: total))]
        {
            total += v.iter().sum::<u64>();
        }
    }
    total
}

#[test]
fn children() {
    let mut v = vec![1; 100];
    assert_eq!(groups_in_tasks(&mut v), 200);
}

#[omp]
fn many_objects(v: &mut [u64]) {
    #[taskgroup]
    {
        for _ in 0..3 {
            #[task(
                depend(in: v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]),
                depend(inout: v[0])
            )]
            {
                for i in 1..10 {
                    v[0] += v[i];
                }
            }
            #[task(depend(inout: last = v[9]))]
            {
                *last += 1;
            }
        }
    }
}

#[test]
fn more_than_a_handful() {
    let mut v = vec![1; 12];
    many_objects(&mut v);
    assert_eq!(v, [31, 1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1]);
}

#[omp]
fn another_element(v: &mut [u64], write: bool) {
    #[taskgroup]
    {
        #[task(depend(in: v[1]), depend(inout: v[0]))]
        {
            match write {
                true => v[1] = 1,
                false => v[0] = v[2],
            }
        }
    }
}

#[test]
fn elements_that_are_not_named() {
    for (write, text) in [
        (false, "touched element 2 of `v`"),
        (true, "wrote element 1 of `v`"),
    ] {
        let run = || another_element(&mut [1, 2, 3], write);
        let caught = std::panic::catch_unwind(run).expect_err("it panics");
        let said = caught.downcast_ref::<String>().expect("a text");
        assert!(said.contains(text), "{said}");
    }
}
