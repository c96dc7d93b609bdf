/** An object of the virtual infrastructure, as VBR's inventory names it. */
export type InventoryObject = {
  readonly platform: 'VMware' | 'CloudDirector';
  /** The server that holds it: a vCenter, a host or a Cloud Director. */
  readonly hostName: string;
  readonly name: string;
  /** E.g. `VirtualMachine`, `Host`, `Datastore`, `Folder`. */
  readonly type: string;
  /** E.g. `vm-1017`. */
  readonly objectId?: string;
  readonly urn?: string;
  readonly size?: string;
};

/** When the production VM takes over: by itself, at a time (ISO date), or when `switchToProduction` says so. */
export type FailbackMode =
  { readonly type: 'Auto' | 'Manual' } | { readonly type: 'Scheduled'; readonly scheduledTime: string };

/** Where each VM goes, when that is neither its old place nor another known VM. */
export type FailbackTarget = {
  // The spelling is the vendor's.
  readonly destinationhost?: readonly { readonly replicaPointId: string; readonly host: InventoryObject }[];
  readonly resourcePool?: readonly {
    readonly replicaPointId: string;
    readonly resourcePool: InventoryObject;
  }[];
  readonly datastore?: readonly {
    readonly vmObject: InventoryObject;
    readonly disks: readonly {
      readonly diskName: string;
      readonly datastore: InventoryObject;
      readonly diskType?: 'Source' | 'Thick' | 'Thin' | 'ThickEagerZeroed';
    }[];
  }[];
  readonly folder?: {
    readonly restoreVMTags?: boolean;
    readonly folderMapping?: readonly { readonly replicaPointId: string; readonly folder: InventoryObject }[];
  };
  readonly network?: readonly {
    readonly replicaPointId: string;
    readonly networks: readonly {
      readonly sourceNetwork: InventoryObject;
      readonly targetNetwork: InventoryObject;
    }[];
  }[];
};

/** What every failback is told. */
type Common = {
  /** One point for each VM. */
  readonly replicaPointIds: readonly string[];
  readonly drSiteProxyId?: readonly string[];
  readonly productionSiteProxyId?: readonly string[];
  readonly powerOnTargetVM?: boolean;
  readonly failbackMode?: FailbackMode;
};

/** The three ways back to production. */
export type FailbackSpec = Common &
  (
    | {
        readonly type: 'OriginalLocation';
        /** Copies only what changed. Not after the source's disks failed. */
        readonly quickRollback?: boolean;
      }
    | {
        /** To the source, restored meanwhile at another place. */
        readonly type: 'OriginalVM';
        readonly targetVM: readonly {
          readonly replicaPointId: string;
          readonly destinationVM: InventoryObject;
        }[];
      }
    | ({ readonly type: 'Customized' } & FailbackTarget)
  );
