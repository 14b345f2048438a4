// The Docker provider keeps the contract.
import { describeSandboxProvider } from '../conformance.ts';
import { dockerHarness } from './harness.ts';

describeSandboxProvider('docker', dockerHarness);
