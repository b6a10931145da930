package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// child is a server in a process of its own, with a folder of its own, that this program started.
type child struct {
	address, folder string
	cmd             *exec.Cmd
	keep            bool // the folder, when it ends
}

// startChild makes a folder and starts the server that command gives for it.
func startChild(command func(address, folder string) *exec.Cmd) (*child, error) {
	folder, err := os.MkdirTemp("", "huiyin-bench-server-")
	if err != nil {
		return nil, err
	}
	c := &child{folder: folder}
	if err := c.start(command); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return c, nil
}

// start starts the server on a free address and waits until it is ready.
func (c *child) start(command func(address, folder string) *exec.Cmd) (err error) {
	if c.address, err = freeAddress(); err != nil {
		return err
	}
	c.cmd = command(c.address, c.folder)
	c.cmd.Stderr = os.Stderr
	if err := c.cmd.Start(); err != nil {
		return err
	}
	if err := ready("http://" + c.address + "/readyz"); err != nil {
		c.kill()
		return err
	}
	return nil
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// stop ends the server and takes its folder away.
func (c *child) stop() {
	c.kill()
	if !c.keep {
		_ = os.RemoveAll(c.folder)
	}
}

// product runs the product's program.
type product struct {
	bin string
	// flags come with every command, such as --db; serve with serve alone, such as --redis.
	flags, serve []string
}

func (p product) command(args ...string) *exec.Cmd {
	return exec.Command(p.bin, append(args, p.flags...)...)
}

// run runs a command and gives what it printed.
func (p product) run(args ...string) (string, error) {
	out, err := p.command(args...).Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			err = fmt.Errorf("%w: %s", err, failed.Stderr)
		}
		return "", fmt.Errorf("huiyin %s: %w", strings.Join(args[:min(2, len(args))], " "), err)
	}
	return string(out), nil
}

// start starts a node on a folder that has one inbox, of web chat, which people serve.
func (p product) start() (*child, error) {
	folder, err := os.MkdirTemp("", "huiyin-bench-node-")
	if err != nil {
		return nil, err
	}
	c := &child{folder: folder}
	_, err = p.run("inbox", "create", "--kind", "webchat", "--name", "Bench", "--no-bot", "--data", folder)
	if err == nil {
		err = c.start(p.node)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return c, nil
}

func (p product) node(address, folder string) *exec.Cmd {
	return p.command(append([]string{"serve", "--listen", address, "--data", folder, "--log-level", "error"}, p.serve...)...)
}
