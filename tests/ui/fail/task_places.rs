use phalanx::prelude::*;

#[omp]
fn outside() {
    #[task]
    {
        println!("whose?");
    }
    taskwait!();
    cancel!(taskgroup);
}

#[omp]
fn exits(a: &[i32]) -> Option<i32> {
    #[taskgroup]
    {
        for &x in a {
            #[task]
            {
                if x == 3 {
                    return Some(x);
                }
                if x == 4 {
                    break;
                }
            }
        }
        a.first()?;
    }
    None
}

#[omp]
fn waits_in_a_task() {
    #[taskgroup]
    {
        #[task]
        {
            taskwait!();
        }
        cancellation_point!(taskgroup);
    }
}

#[omp]
fn constructs(a: &mut [i32]) {
    #[parallel(shared(a))]
    {
        #[taskgroup]
        {
            #[task]
            {
                #[for_each(disjoint(a))]
                for i in 0..a.len() {
                    a[i] = 1;
                }
            }
            barrier!();
        }
    }
}

#[omp]
fn in_a_parallel_loop(n: usize) {
    #[taskgroup]
    {
        #[parallel_for]
        for i in 0..n {
            #[task]
            {
                println!("{i}");
            }
        }
    }
}

#[omp]
fn on_what() {
    #[task]
    for i in 0..3 {
        println!("{i}");
    }
    #[taskgroup]
    if true {
        println!("no block");
    }
}

#[omp]
fn clauses() {
    let (x, y) = (1, 2);
    #[taskgroup(nowait, handle(3))]
    {
        #[task(scheduel(static), final, iff(true), firstprivate(y), shared(x), private(x), untied, untied)]
        {
            println!("{x}");
        }
    }
}

fn main() {}
