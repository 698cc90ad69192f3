use phalanx::prelude::*;

#[omp]
fn forms() {
    let (mut x, y) = (1, 2);
    #[taskgroup]
    {
        #[task(depend(x), depend(read: y), depend(out: x + 1))]
        {
            println!("{y}");
        }
    }
    x += 1;
    println!("{x}");
}

#[omp]
fn twice() {
    let mut x = 1;
    #[taskgroup]
    {
        #[task(depend(in: x), depend(out: x))]
        {
            *x = 1;
        }
    }
    println!("{x}");
}

#[omp]
fn not_named() -> i32 {
    let (mut a, mut b) = (0, 0);
    #[taskgroup]
    {
        #[task(depend(out: a))]
        {
            *a = 1;
        }
        #[task(depend(in: a), depend(out: b))]
        {
            *b = *a;
        }
        #[task(depend(in: b))]
        {
            a = *b;
        }
    }
    a
}

#[omp]
fn in_the_body() -> i32 {
    let mut a = 0;
    #[taskgroup]
    {
        #[task(depend(out: a))]
        {
            *a = 1;
        }
        println!("{}", a);
    }
    a
}

#[omp]
fn in_a_task() -> i32 {
    let mut a = 0;
    #[taskgroup]
    {
        #[task(depend(inout: a))]
        {
            #[task(depend(inout: a))]
            {
                *a += 1;
            }
        }
    }
    a
}

#[omp]
fn written_though_in() -> i32 {
    let mut a = 0;
    #[taskgroup]
    {
        #[task(depend(out: a))]
        {
            *a = 1;
        }
        #[task(depend(in: a))]
        {
            *a = 2;
        }
        #[task(depend(out: a))]
        {
            a = 3;
        }
    }
    a
}

#[omp]
fn whole_and_elements(a: &mut [i32]) {
    #[taskgroup]
    {
        #[task(depend(out: a[0]))]
        {
            a[0] = 1;
        }
        #[task(depend(inout: a))]
        {
            a[1] = 2;
        }
    }
}

#[omp]
fn waits() -> i32 {
    let (mut x, mut y) = (0, 2);
    #[taskgroup]
    {
        #[task(depend(inout: x))]
        {
            *x += 1;
        }
        #[task]
        {
            y -= 1;
        }
        #[taskwait(depend(in: x))]
        {
            println!("{x}");
        }
        println!("{}", y);
        #[taskwait]
        {
            println!("for what?");
        }
    }
    x + y
}

#[omp]
fn no_reduction(v: &[i32]) -> i32 {
    let (mut sum, mut product) = (0, 1);
    #[taskgroup(task_reduction(+: sum))]
    {
        #[task(in_reduction(*: sum), in_reduction(*: product))]
        {
            sum += v[0];
            product *= v[0];
        }
    }
    sum + product
}

fn main() {}
