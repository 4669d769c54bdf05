// The etcd server of the 3.5 line, which Kubernetes 1.33 runs.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
